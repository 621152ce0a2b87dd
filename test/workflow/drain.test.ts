import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startScriptedModel, type ScriptedModel } from '../../src/testing/index.js';
import { jsonLines } from '../support/json-lines.js';
import { OperatedWorker, type OperatedSettings } from '../support/operated-worker.js';
import { expectOneConversation, readerScript } from '../support/reader-script.js';
import { testServer } from '../support/server.js';
import { eventually } from '../support/worker-stage.js';
import { readBook } from './fixtures/durable-workflows.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const TIMEOUT_MS = 180_000;
const TITLES = ['Emma', 'Persuasion', 'Sanditon', 'Evelina'];

const cleanUp: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(cleanUp.splice(0).map((end) => end()));
});

async function stage(
  model: ScriptedModel,
  start: (settings: OperatedSettings, env: NodeJS.ProcessEnv) => OperatedWorker,
) {
  const { address, connect } = await testServer();
  const taskQueue = `drain-${randomUUID()}`;
  const log = join(mkdtempSync(join(tmpdir(), 'baton-test-')), 'tools.jsonl');
  const baton = await connect(taskQueue);
  cleanUp.push(() => baton.close());
  return {
    baton,
    /** Starts a worker and waits until it takes work. */
    async worker(more: Partial<OperatedSettings> = {}): Promise<OperatedWorker> {
      const worker = start(
        {
          address,
          taskQueue,
          agents: path('./fixtures/durable-agents.ts'),
          workflows: path('./fixtures/durable-workflows.ts'),
          models: model.models('small'),
          ...more,
        },
        { BATON_TEST_LOG: log, BATON_LOG_LEVEL: 'info' },
      );
      cleanUp.push(() => worker.kill());
      await worker.says(/RUNNING/);
      return worker;
    },
    executions: () => jsonLines<{ tool: string; attempt: number }>(log),
  };
}

describe.each([
  ['runWorker in a main of its own', OperatedWorker.own],
  [
    'baton worker',
    (settings: OperatedSettings, env: NodeJS.ProcessEnv) => OperatedWorker.command(settings, [], env),
  ],
])('%s, at SIGTERM', (_, start) => {
  it(
    'finishes the turns under way, and another worker goes on: no turn is asked twice',
    async () => {
      const [entry] = [readerScript(3, { wait: 300 })];
      const model = await startScriptedModel({ ...entry, delay: 2_000 });
      const { baton, worker } = await stage(model, start);
      const first = await worker();
      const runs = await Promise.all(TITLES.map((title) => baton.start(readBook, title)));
      await eventually(() => model.requests.length === TITLES.length, 'the first turns');
      const second = await worker();
      expect(await first.stop()).toBe(0);
      expect(await Promise.all(runs.map((run) => run.result()))).toEqual(
        TITLES.map((title) => `read ${title}`),
      );
      for (const title of TITLES)
        expect(expectOneConversation(model.requests, title)).toHaveLength(2 + 2 * 3);
      expect(model.requests).toHaveLength(4 * TITLES.length);
      expect(model.aborted).toBe(0);
      expect(await second.stop()).toBe(0);
      await model.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'hands back at the end of its grace time what is not done: another worker takes it at once',
    async () => {
      const model = await startScriptedModel(
        { when: 'You are the reader.', reply: { hang: true } },
        readerScript(1),
      );
      const { baton, worker } = await stage(model, start);
      const first = await worker({ shutdownGrace: 500 });
      const run = await baton.start(readBook, 'Emma');
      await eventually(() => model.requests.length === 1, 'the first turn');
      await worker();
      const began = Date.now();
      expect(await first.stop()).toBe(0);
      const ended = Date.now();
      expect(await run.result()).toBe('read Emma');
      const again = model.arrivals[1]?.at ?? 0;
      console.info(`ended ${ended - began} ms after SIGTERM, taken again after ${again - began} ms`);
      expect(model.requests).toHaveLength(3);
      // By what the worker said, and not by a heartbeat that did not come.
      expect(first.output).toMatch(/handed back, as the worker is being stopped/);
      await model.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'leaves open what became of a write that did not end, and does not repeat it',
    async () => {
      const model = await startScriptedModel(
        { when: 'Buy', reply: { calls: [{ tool: 'charge', args: { usd: 5, wait: 20_000 } }] } },
        { when: 'Outcome unknown: the worker was stopped', reply: 'I do not know' },
      );
      const { baton, worker, executions } = await stage(model, start);
      const first = await worker({ shutdownGrace: 500 });
      const run = await baton.start(readBook, 'Buy');
      await eventually(() => executions().length === 1, 'the charge');
      await worker();
      expect(await first.stop()).toBe(0);
      expect(await run.result()).toBe('I do not know');
      expect(executions()).toHaveLength(1);
      await model.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'ends at once where it is told twice',
    async () => {
      const model = await startScriptedModel({ when: 'You are the reader.', reply: { hang: true } });
      const { baton, worker } = await stage(model, start);
      const first = await worker({ shutdownGrace: '10 minutes' });
      const run = await baton.start(readBook, 'Emma');
      await eventually(() => model.requests.length === 1, 'the first turn');
      first.signal('SIGTERM');
      await first.says(/DRAINING|stopping/);
      first.signal('SIGTERM');
      expect(await first.ended).not.toBe(0);
      await run.cancel();
      await model.stop();
    },
    TIMEOUT_MS,
  );
});
