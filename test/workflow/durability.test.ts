import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startScriptedModel, type ScriptedModel } from '../../src/testing/index.js';
import { bundleFile } from '../support/bundle-file.js';
import { expectOneConversation, readerScript, titleOf, turnsOf } from '../support/reader-script.js';
import { testServer } from '../support/server.js';
import { startWorkerProcess, type WorkerProcessSettings } from '../support/worker-process.js';
import { ask, readBook, readBooks } from './fixtures/durable-workflows.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const bundle = bundleFile(path('./fixtures/durable-workflows.ts'));

const cleanUp: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(cleanUp.splice(0).map((end) => end()));
});

/** A paused worker whose polls are open would be given the next attempts too, for a minute: with one slot it does not poll. */
const ONE_AT_A_TIME = { worker: { maxConcurrentActivityTaskExecutions: 1 } };

/** A model, settings for workers on a queue of their own, a client to it, and the log of tool executions. */
async function stage(model: ScriptedModel, settings: Partial<WorkerProcessSettings> = {}) {
  const { address, connect } = await testServer();
  const taskQueue = `test-${randomUUID()}`;
  const log = join(mkdtempSync(join(tmpdir(), 'baton-test-')), 'tools.jsonl');
  const all = {
    address,
    taskQueue,
    bundle: await bundle,
    agents: path('./fixtures/durable-agents.ts'),
    models: model.models('small'),
    ...settings,
  };
  const baton = await connect(taskQueue);
  cleanUp.push(() => baton.close());
  return {
    baton,
    startWorker: async (more: Partial<WorkerProcessSettings> = {}) => {
      const worker = await startWorkerProcess({ ...all, ...more }, { BATON_TEST_LOG: log });
      cleanUp.push(() => worker.end());
      return worker;
    },
    executions: () =>
      readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { pid: number; tool: string; key: string; attempt: number }),
  };
}

async function eventually(condition: () => boolean, what: string, ms = 20_000): Promise<void> {
  for (const until = Date.now() + ms; !condition(); await delay(20)) {
    if (Date.now() > until) throw new Error(`never came: ${what}`);
  }
}

describe('a worker killed in the middle of a model call', () => {
  it('has its turn taken by the other worker within 10 s, once for the run', async () => {
    const model = await startScriptedModel(
      { when: 'You are the reader.', reply: { hang: true } },
      readerScript(1),
    );
    const { startWorker, baton } = await stage(model);
    const first = await startWorker();
    const run = await baton.start(readBook, 'Emma');
    await eventually(() => model.requests.length === 1, 'the first request');
    await startWorker();
    first.kill('SIGKILL');
    const killed = Date.now();
    await eventually(() => model.requests.length === 2, 'the second attempt');
    const took = Date.now() - killed;
    console.info(`next attempt after kill -9 in a model call: ${took} ms`);
    expect(took).toBeLessThan(30_000); // without heartbeats it is the attempt's two minutes
    expect(await run.result()).toBe('read Emma');
    expect(expectOneConversation(model.requests, 'Emma')).toHaveLength(4);
    await model.stop();
  });
});

describe('the transcript', () => {
  it('is the same where workers are killed between turns and in tools', async () => {
    const model = await startScriptedModel(readerScript(6, { wait: 300 }));
    const { startWorker, baton } = await stage(model);
    const run = await baton.start(readBook, 'Persuasion');
    for (const turn of [2, 4]) {
      const worker = await startWorker();
      await eventually(() => model.requests.some((request) => turnsOf(request) === turn), `turn ${turn}`);
      await delay(100); // the answer is recorded, and the tool at work
      worker.kill('SIGKILL');
    }
    await startWorker();
    expect(await run.result()).toBe('read Persuasion');
    expect(expectOneConversation(model.requests, 'Persuasion')).toHaveLength(2 + 2 * 6);
    await model.stop();
  });

  it('is the same without any cache, on two workers, with four agents in one run', async () => {
    const model = await startScriptedModel(readerScript(5, { bytes: 20_000 }));
    const { startWorker, baton } = await stage(model, { cacheBytes: 1, worker: { maxCachedWorkflows: 0 } });
    await Promise.all([startWorker(), startWorker()]);
    const titles = ['Emma', 'Persuasion', 'Sanditon', 'Evelina'];
    const run = await baton.start(readBooks, titles);
    expect(await run.result()).toEqual(titles.map((title) => `read ${title}`));
    for (const title of titles) expect(expectOneConversation(model.requests, title)).toHaveLength(2 + 2 * 5);
    expect(model.requests).toHaveLength(4 * 6);
    await model.stop();
  });

  it('holds the recorded answer where a paused worker comes back with another one', async () => {
    // Attempt 1 is paused, attempt 2 is recorded; then the first worker wakes up and gets its own answer.
    let asked = 0;
    const model = await startScriptedModel({
      when: 'You are the reader.',
      times: Infinity,
      delay: 500,
      reply: (request) => {
        if (turnsOf(request) === 0)
          return { text: `answer ${++asked}`, calls: [{ tool: 'read', args: { page: 1, wait: 6_000 } }] };
        return `read ${titleOf(request)}`;
      },
    });
    const { startWorker, baton } = await stage(model);
    const first = await startWorker(ONE_AT_A_TIME);
    const run = await baton.start(readBook, 'Evelina');
    await eventually(() => model.requests.length === 1, 'the first request');
    first.kill('SIGSTOP');
    const second = await startWorker();
    await eventually(() => model.requests.length === 2, 'the second attempt');
    await delay(1_500); // the second answer is recorded, and its tool at work
    first.kill('SIGCONT');
    await delay(1_500); // the first worker has its own answer now
    second.kill('SIGKILL');
    expect(await run.result()).toBe('read Evelina');
    expect(expectOneConversation(model.requests, 'Evelina')[2]).toMatchObject({ content: 'answer 2' });
    await model.stop();
  });
});

describe('a tool whose worker is lost', () => {
  it('is not called again where it writes, and the model is told that the outcome is unknown', async () => {
    const model = await startScriptedModel(
      { when: 'Outcome unknown', reply: 'I shall find out' },
      { when: 'You are the reader.', reply: { calls: [{ tool: 'charge', args: { usd: 5, wait: 60_000 } }] } },
    );
    const { startWorker, baton, executions } = await stage(model);
    const first = await startWorker();
    const run = await baton.start(readBook, 'Emma');
    await eventually(() => model.requests.length === 1, 'the call');
    await delay(500);
    await startWorker();
    first.kill('SIGKILL');
    expect(await run.result()).toBe('I shall find out');
    expect(executions()).toHaveLength(1);
    await model.stop();
  });

  it('is called again with the same key where it says that it is idempotent, also beside a paused attempt', async () => {
    const model = await startScriptedModel(
      { when: 'transferred', reply: 'done' },
      {
        when: 'You are the reader.',
        reply: { calls: [{ tool: 'transfer', args: { usd: 5, wait: 8_000 } }] },
      },
    );
    const { startWorker, baton, executions } = await stage(model);
    const first = await startWorker(ONE_AT_A_TIME);
    const run = await baton.start(readBook, 'Emma');
    await eventually(() => model.requests.length === 1, 'the call');
    await delay(500);
    await startWorker();
    first.kill('SIGSTOP');
    expect(await run.result()).toBe('done');
    first.kill('SIGCONT');
    const done = executions();
    expect(done).toHaveLength(2);
    expect(new Set(done.map(({ key }) => key)).size).toBe(1);
    expect(new Set(done.map(({ pid }) => pid)).size).toBe(2);
    await model.stop();
  });
});

describe('a query after the death of a worker', () => {
  it('is answered by the next worker without waiting for the dead one', async () => {
    const model = await startScriptedModel();
    const { startWorker, baton } = await stage(model);
    const first = await startWorker();
    const run = await baton.start(ask, undefined);
    await run.approvals({ wait: '10 seconds' });
    await startWorker();
    first.kill('SIGKILL');
    await delay(100);
    const asked = Date.now();
    expect(await run.approvals()).toHaveLength(1);
    const took = Date.now() - asked;
    console.info(`query after kill -9: ${took} ms`);
    expect(took).toBeLessThan(9_000); // by default it waits 10 s
    await run.approve();
    await expect(run.result()).resolves.toMatchObject({ approved: true });
    await model.stop();
  });
});
