import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Baton } from '../../../src/client.js';
import { startScriptedModel } from '../../../src/testing/index.js';
import { bundleFromSources } from '../../support/bundle.js';
import { cli, inFolder, type CliCall, type Ended } from '../../support/cli.js';
import { testServer } from '../../support/server.js';
import * as activities from './fixtures/project/activities.js';
import * as agents from './fixtures/project/agents.js';

const bundle = bundleFromSources(fileURLToPath(new URL('./fixtures/project/workflows.ts', import.meta.url)));

interface Desk {
  /** Runs a command against the test's server. */
  baton: (argv: string[], call?: CliCall) => Promise<Ended>;
  client: Baton;
  /** The flag of the worker's task queue. */
  queue: string[];
}

/** A worker with the fixture project, whose model offers a refund of $120 for a tent. */
async function withDesk(fn: (desk: Desk) => Promise<void>): Promise<void> {
  const model = await startScriptedModel({
    when: 'tent',
    times: Infinity,
    reply: { json: { usd: 120, reason: 'a torn tent' } },
  });
  const server = await testServer();
  const options = {
    agents,
    models: model.models('small'),
    workflowBundle: await bundle,
    worker: { activities },
  };
  await server.withWorker(options, async (client) => {
    const probe = await client.start('wait', undefined, {});
    const { taskQueue } = await client.client.workflow.getHandle(probe.id).describe();
    await client.client.workflow.getHandle(probe.id).terminate();
    await fn({
      client,
      queue: ['--task-queue', taskQueue],
      baton: (argv, call) => cli([...argv, '--address', server.address], call),
    });
  });
  await model.stop();
}

describe('baton start, approvals, approve, show, list and result', () => {
  it('take a run from its start over an approval to its result', () =>
    withDesk(async ({ baton, queue, client }) => {
      const id = `cli-${crypto.randomUUID().slice(0, 8)}`;
      const started = await inFolder(async (cwd) => {
        await writeFile(join(cwd, 'ticket.json'), '{ "text": "a torn tent" }');
        return baton(['start', 'refund', '--input', '@ticket.json', '--id', id, '--budget', '1', ...queue], {
          cwd,
        });
      });
      expect(started).toMatchObject({ code: 0, err: '' });
      expect(started.out).toContain(`started  ${id}`);
      await client.run(id).approvals({ wait: '20 seconds' });

      const inbox = await baton(['approvals', '--as', 'lead']);
      expect(inbox.out).toContain('Refund of $120');
      expect(inbox.out).toContain('usd: 120');
      expect(inbox.out).toContain(`baton approve ${id}/1 --by lead --address`);
      const listed = await baton(['list', '--json', '--query', `WorkflowId = "${id}"`]);
      expect(JSON.parse(listed.out)).toEqual([
        expect.objectContaining({ id, orchestration: 'refund', status: 'RUNNING', waitsForApproval: true }),
      ]);

      const wrong = await baton(['approve', id, '--by', 'somebody']);
      expect(wrong.code).toBe(1);
      expect(wrong.err).toMatch(
        /^ApprovalInvalid: [^]*is for lead, not for somebody\n {2}Try: .*baton approvals/,
      );
      const approved = await baton(['approve', `${id}/1`, '--by', 'lead', '--comment', 'fine']);
      expect(approved).toMatchObject({ code: 0, out: `approved  ${id}/1 by lead\n` });

      expect(await baton(['result', id])).toMatchObject({ code: 0, out: 'paid $120\n' });
      expect((await baton(['list', '--query', `WorkflowId = "${id}"`])).out).toMatch(
        new RegExp(`^${id} +refund +completed`, 'm'),
      );
      const shown = await baton(['show', id]);
      expect(shown.out).toMatch(/clerk[^]*approval 1: Refund of \$120/);
      const trace: unknown = JSON.parse((await baton(['show', id, '--json'])).out);
      expect(trace).toMatchObject({ kind: 'run', workflowId: id, status: 'completed' });
      expect((await baton(['approve', id, '--by', 'lead'])).err).toMatch(/no approval waits in run/);
    }));

  it('wait for the result, and say why there is none', () =>
    withDesk(async ({ baton, queue, client }) => {
      const id = `cli-${crypto.randomUUID().slice(0, 8)}`;
      const waiting = baton(['start', 'wait', '--id', id, '--wait', ...queue]);
      while (
        !(
          await client
            .run(id)
            .approvals()
            .catch(() => [])
        )[0]
      )
        await new Promise((done) => setTimeout(done, 100));
      const again = ['start', 'wait', '--id', id, '--budget', '1', ...queue];
      const attached = await baton(again);
      expect(attached).toMatchObject({ code: 0, err: expect.stringContaining('It keeps the input') });
      expect(attached.out).toMatch(`attached to the run that is going on:  ${id}\n`);
      expect(JSON.parse((await baton([...again, '--json'])).out)).toMatchObject({ id, attached: true });
      expect(await baton(['cancel', id])).toMatchObject({ code: 0, out: `asked to stop: ${id}\n` });
      const { code, err } = await waiting;
      expect(code).toBe(1);
      expect(err).toMatch(/RunCancelled: The run was cancelled\n {2}Try: /);
      expect((await baton(['cancel', id])).out).toContain('has ended already: cancelled');
      expect(await baton(['undo', id])).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^RunEnded: [^]*cancelled; it can undo nothing any more/),
      });
      expect(await baton(['show', 'no-such-run'])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^RunNotFound: [^]*Try: see the runs with: npx baton list/),
      });
    }));
});

describe('baton start and terminate', () => {
  it('name the orchestrations that there are, and end what is of no use', async () => {
    const { address } = await testServer();
    const cwd = fileURLToPath(new URL('./fixtures/project', import.meta.url));
    const id = `cli-${crypto.randomUUID().slice(0, 8)}`;
    const baton = (...argv: string[]) => cli([...argv, '--address', address], { cwd });
    const mistyped = await baton('start', 'refnud', '--id', id);
    expect(mistyped).toMatchObject({ code: 1, out: '' });
    expect(mistyped.err).toMatch(/^OrchestrationUnknown: [^]*"refnud"[^]*there are: refund, wait/);
    expect((await baton('show', id)).err).toMatch(/^RunNotFound/);

    await baton('start', 'wait', '--id', id);
    expect(await baton('terminate', id, '--reason', 'a test')).toMatchObject({
      code: 0,
      out: expect.stringMatching(`^terminated: ${id}; `),
    });
    expect((await baton('show', id)).out).toContain('Terminated: a test');
    expect((await baton('terminate', id)).out).toBe(`${id} has ended already: terminated\n`);
    expect(await baton('terminate', 'no-such-run')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^RunNotFound/),
    });
  });
});

describe('baton approve without a worker', () => {
  it('says so instead of waiting for ever', async () => {
    const { address, connect } = await testServer();
    await using baton = await connect(`nobody-${crypto.randomUUID()}`);
    const run = await baton.start('wait', undefined, {});
    const { code, err } = await cli(['approve', run.id, '--by', 'lead', '--address', address]);
    expect(code).toBe(1);
    expect(err).toMatch(/^WorkerMissing: [^]*Try: start one with: npx baton worker/);
    await baton.client.workflow.getHandle(run.id).terminate();
  });
});

describe('baton dev', () => {
  it('ends where a server is up and there is no worker to run', async () => {
    const { address } = await testServer();
    for (const flags of [['--no-worker'], []]) {
      const { code, out } = await inFolder((cwd) => cli(['dev', ...flags, '--address', address], { cwd }));
      expect(code).toBe(0);
      expect(out).toMatch(/Temporal server +\S+ +as configured[^]*There is nothing to do: the server is up/);
    }
  });

  it('says what names the server that does not answer, and which folder it cannot have', async () => {
    const named = await cli(['dev', '--no-worker', '--address', '127.0.0.1:1']);
    expect(named).toMatchObject({ code: 1, out: '' });
    expect(named.err.replace(/\s+/g, ' ')).toMatch(
      /^ServerUnreachable: .*Try: --address is 127.0.0.1:1: leave it out to have/,
    );
    const data = await cli(['dev', '--no-worker', '--port', '0', '--data', '/dev/null/x']);
    expect(data).toMatchObject({ code: 1, out: '' });
    expect(data.err).toMatch(/^ConfigInvalid: [^]*data at \/dev\/null\/x: ENOTDIR/);
  });
});

describe('baton setup and doctor', () => {
  it('say of a rate which turns it holds back', async () => {
    const { address } = await testServer();
    const queue = `rated-${crypto.randomUUID()}`;
    const { code, out, err } = await cli([
      'setup',
      '--queue-rate',
      '5',
      '--task-queue',
      queue,
      '--address',
      address,
    ]);
    expect(code).toBe(0);
    expect(out).toContain(`the task queue ${queue} is limited to 5`);
    expect(err).toContain(`proxyAgents({ taskQueue: '${queue}' })`);
    const lifted = await cli(['setup', '--queue-rate', 'none', '--task-queue', queue, '--address', address]);
    expect(lifted).toMatchObject({ code: 0, err: '' });
  });

  it('find the search attribute registered, and the project with its agents and tools', async () => {
    const { address } = await testServer();
    const cwd = fileURLToPath(new URL('./fixtures/project', import.meta.url));
    expect((await cli(['setup', '--address', address])).out).toMatch(
      /^nothing to do: .*Baton \(KeywordList\)/,
    );
    const { code, out } = await cli(['doctor', '--address', address], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/^ok +Temporal server +.*namespace default$/m);
    expect(out).toMatch(/^ok +Search attribute/m);
    expect(out).toMatch(/^ok +Agents +clerk$/m);
    expect(out).toMatch(/^ok +Tools +lookup$/m);
  });

  it('exit 1 where something that is needed is missing', async () => {
    const { code, out } = await cli(['doctor', '--address', '127.0.0.1:1', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({
        name: 'Temporal server',
        state: 'missing',
        advice: expect.stringContaining('baton dev'),
      }),
    );
  });
});
