import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { connect, type Baton } from '../../src/client.js';
import type { Garbage } from '../../src/client/collect-garbage.js';
import type { Json } from '../../src/agents/json.js';
import { keepValue } from '../../src/storage/keep-value.js';
import { cli } from '../support/cli.js';
import { startS3Server, type S3Server } from '../support/s3-server.js';
import { testServer } from '../support/server.js';
import { withStage } from '../support/storage-stage.js';
import { linesOf } from './fixtures/storage-agents.js';
import type { ask, echo } from './fixtures/storage-workflows.js';

const FIVE_MB = 5_000_000;

// New namespaces and deletions come through the server's caches and queues.
jest.setTimeout(180_000);

const s3: Promise<S3Server> = startS3Server();
afterAll(async () => (await s3).stop());

/** A namespace whose runs are this test's only. */
async function newNamespace(): Promise<string> {
  const namespace = `gc-${randomUUID()}`;
  const { address } = await testServer();
  await using baton = await connect({ address, storage: false });
  const { workflowService } = baton.client;
  await workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  for (let i = 0; i < 300; i++) {
    const there = await workflowService
      .listWorkflowExecutions({ namespace, pageSize: 1 })
      .then(() => true)
      .catch(() => false);
    if (there) return namespace;
    await delay(100);
  }
  throw new Error('the namespace never came');
}

const aFolder = () => mkdtempSync(join(tmpdir(), 'baton-gc-test-'));

/** Stores a value that nothing refers to. */
async function leaveValue(storage: string, namespace: string): Promise<void> {
  const { address } = await testServer();
  await using baton = await connect({ address, namespace, storage });
  const target = { kind: 'workflow' as const, namespace, id: 'a run', runId: 'a-run', type: 'echo' };
  await keepValue(baton.client.options.loadedDataConverter, target, linesOf(FIVE_MB, namespace));
}

/** Makes all that is stored so far older than what `gc` leaves. */
function makeOld(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true }) as string[])
    if (/[0-9a-f]{64}$/.test(name)) utimesSync(join(folder, name), 1_000, 1_000);
}

async function gc(storage: string, namespace: string, ...flags: string[]): Promise<Garbage> {
  const { address } = await testServer();
  const args = ['--storage', storage, '--namespace', namespace, '--address', address, '--json'];
  const ended = await cli(['gc', ...args, ...flags]);
  if (ended.code !== 0) throw new Error(ended.err);
  return JSON.parse(ended.out) as Garbage;
}

const NOW = ['--older-than', '0s'];
const counts = ({ used, young, garbage, removed }: Garbage) => ({
  used: used.count,
  young: young.count,
  garbage: garbage.count,
  removed: removed.count,
});

/** Deletes a run, and waits until it is gone from the lists. */
async function forget({ client }: Baton, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  // The list is written later than the run: its end would be written after its deletion, and stay.
  const { status } = await client.workflow.getHandle(workflowId).describe();
  for (let i = 0; i < 300; i++) {
    const { executions } = await client.workflowService.listWorkflowExecutions({ namespace });
    if (executions.some((run) => run.execution?.workflowId === workflowId && run.status === status.code))
      break;
    await delay(100);
  }
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  for (let i = 0; i < 900; i++) {
    const { executions } = await client.workflowService.listWorkflowExecutions({ namespace });
    if (!executions.some(({ execution }) => execution?.workflowId === workflowId)) return;
    await delay(100);
  }
  throw new Error(`${workflowId} is still listed`);
}

/** Waits until a run is listed as what it is. */
async function listed({ client }: Baton, runs: number): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const { executions } = await client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
    });
    if (executions.length === runs) return;
    await delay(100);
  }
  throw new Error('the runs were never listed');
}

describe.each([
  // Equal values are kept once in a folder, and in a bucket once for each of a run's client and worker.
  ['a folder', 1, () => aFolder(), test.concurrent],
  // Its packages are imported when they are needed, which Jest refuses to tests that run beside others.
  ['a bucket', 2, async () => (await s3).location(randomUUID()), test],
] as const)('baton gc in %s', (_name, copies, newStorage, runTest) => {
  runTest('removes the values of runs that are gone, and none that a run still refers to', async () => {
    const [storage, namespace] = [await newStorage(), await newNamespace()];
    await withStage({ storage, namespace }, async ({ baton, model }) => {
      model.script(
        { reply: { calls: [{ tool: 'fetchLog', args: { bytes: FIVE_MB, mark: 'told' } }] } },
        { reply: 'done' },
      );
      const asked = await baton.start<typeof ask>('ask', { agent: 'reader', input: 'a log, please' });
      await asked.result();
      const [kept, lost] = [linesOf(FIVE_MB, 'kept'), linesOf(FIVE_MB, 'lost')];
      const keeping = await baton.start<typeof echo>('echo', kept);
      const losing = await baton.start<typeof echo>('echo', lost);
      await Promise.all([keeping.result(), losing.result()]);
      await listed(baton, 3);
      const before = counts(await gc(storage, namespace, ...NOW));
      expect(before).toMatchObject({ young: 0, garbage: 0, removed: 0 });

      await forget(baton, losing.id);
      expect(counts(await gc(storage, namespace))).toEqual({
        ...before,
        used: before.used - copies,
        young: copies,
      });
      expect(counts(await gc(storage, namespace, ...NOW, '--dry-run'))).toMatchObject({
        garbage: copies,
        removed: 0,
      });
      expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({
        garbage: copies,
        removed: copies,
      });
      expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({
        used: before.used - copies,
        garbage: 0,
      });
      expect(await keeping.result()).toBe(kept);

      const tool = JSON.stringify(await asked.trace());
      expect(tool).toContain('"stored"');
      await forget(baton, asked.id);
      expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({ garbage: 1, removed: 1 });
      expect(await keeping.result()).toBe(kept);
    });
  });
});

describe('baton gc', () => {
  test.concurrent('leaves files of others, other namespaces and other servers alone', async () => {
    const [storage, namespace, other] = [aFolder(), await newNamespace(), await newNamespace()];
    for (const one of [namespace, other]) await leaveValue(storage, one);
    writeFileSync(join(storage, 'mine.txt'), 'mine');
    const places = join(storage, 'v0', 'ns');
    const foreign = join(places, readdirSync(places)[0] ?? '', 'sha256', 'mine.txt');
    writeFileSync(foreign, 'mine');
    for (const path of [join(storage, 'mine.txt'), foreign]) utimesSync(path, 1_000, 1_000);
    expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({ garbage: 1, removed: 1 });
    expect(existsSync(join(storage, 'mine.txt')) && existsSync(foreign)).toBe(true);
    expect(counts(await gc(storage, namespace, ...NOW, '--also', other))).toMatchObject({ removed: 1 });
    expect(existsSync(foreign)).toBe(true);
  });

  it('does not take objects of a bucket that another server has put there', async () => {
    const [storage, namespace] = [(await s3).location(randomUUID()), await newNamespace()];
    // The same name on another server: a namespace of another id.
    const { openStorage, readStorage } = await import('../../src/storage/open-storage.js');
    const theirs = openStorage(readStorage(storage), () => Promise.resolve('another id'));
    const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"theirs"') };
    const target = { kind: 'workflow' as const, namespace, id: 'a run', runId: 'a-run' };
    const driver = theirs?.external.drivers.find(({ name }) => name === 'aws.s3driver');
    const [claim] = (await driver?.store({ target }, [payload])) ?? [];
    if (!driver || !claim) throw new Error('nothing was stored');
    expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({ garbage: 1, removed: 0 });
    const [found] = await driver.retrieve({}, [claim]);
    expect(Buffer.from(found?.data ?? []).toString()).toBe('"theirs"');
  });

  test.concurrent('keeps what only a schedule, an open run or another stored value refers to', async () => {
    const [storage, namespace] = [aFolder(), await newNamespace()];
    await withStage({ storage, namespace }, async ({ baton }) => {
      const schedule = await baton.client.schedule.create({
        scheduleId: 'nightly',
        spec: { intervals: [{ every: '1000 days' }] },
        action: {
          type: 'startWorkflow',
          workflowType: 'echo',
          taskQueue: 'none',
          args: [linesOf(FIVE_MB, 'planned')],
        },
      });
      // Nobody takes it: it stays open.
      const waiting = await baton.start<typeof echo>('echo', linesOf(FIVE_MB, 'waiting'), {
        taskQueue: 'none',
      });
      await listed(baton, 1);
      expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({ used: 2, garbage: 0 });

      // Its input holds, out of sight, where another value is.
      const inner = await baton.start<typeof echo>('echo', linesOf(FIVE_MB, 'inner'));
      await inner.result();
      makeOld(storage);
      const { input } = await inner.trace();
      const outer = await baton.start<typeof echo>('echo', {
        input,
        filling: linesOf(FIVE_MB, 'filling'),
      } as Json);
      await outer.result();
      await listed(baton, 3);
      await forget(baton, inner.id);
      expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({ used: 4, garbage: 0 });
      await forget(baton, outer.id);
      // As it was before its run was there: it is young, and what it refers to is not.
      expect(counts(await gc(storage, namespace))).toEqual({ used: 3, young: 1, garbage: 0, removed: 0 });
      expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({ used: 2, removed: 2 });

      await schedule.delete();
      await waiting.cancel();
      await forget(baton, waiting.id);
      for (let i = 0; i < 100; i++) {
        if (counts(await gc(storage, namespace, ...NOW)).used === 0) break;
        await delay(200);
      }
      expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({ used: 0, garbage: 0 });
    });
  });

  test.concurrent('removes nothing where a history cannot be looked into', async () => {
    const [storage, namespace] = [aFolder(), await newNamespace()];
    await withStage({ storage, namespace }, async ({ baton }) => {
      await leaveValue(storage, namespace);
      const codec: PayloadCodec = {
        encode: (payloads) =>
          Promise.resolve(
            payloads.map(() => ({
              metadata: { encoding: Buffer.from('binary/secret') },
              data: Buffer.from('?'),
            })),
          ),
        decode: (payloads) => Promise.resolve(payloads),
      };
      const secret = new Client({
        connection: baton.client.connection,
        namespace,
        dataConverter: { payloadCodecs: [codec] },
      });
      await secret.workflow.start('echo', { workflowId: 'secret', taskQueue: 'none', args: ['value'] });
      await listed(baton, 1);
      await expect(gc(storage, namespace, ...NOW)).rejects.toThrow(
        /Nothing was removed.*run secret: a value is encoded as "binary\/secret"/s,
      );
      await secret.workflow.getHandle('secret').terminate();
      await forget(baton, 'secret');
      expect(counts(await gc(storage, namespace, ...NOW))).toMatchObject({ removed: 1 });
    });
  });

  test.concurrent('says what it does, and refuses what it cannot tidy', async () => {
    const { address } = await testServer();
    const namespace = await newNamespace();
    const storage = aFolder();
    const args = ['gc', '--address', address, '--namespace', namespace];
    const ended = await cli([...args, '--storage', storage]);
    expect(ended.out.split('\n')).toEqual([
      `the folder ${storage}, after the histories of 0 runs`,
      '  in use   0 values (0 B)',
      '  young    0 values (0 B), stored in the last 1 h',
      '  removed  0 values (0 B)',
      '',
    ]);
    const none = await cli([...args, '--storage', 'none']);
    expect(none).toMatchObject({ code: 1 });
    expect(none.err).toContain('ConfigInvalid');
    for (const bad of ['soon', '-1h']) expect((await cli([...args, '--older-than', bad])).code).toBe(2);
    rmSync(storage, { recursive: true });
  });
});
