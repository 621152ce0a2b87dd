import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startScriptedModel, type ScriptedModel, type ScriptEntry } from '../../src/testing/index.js';
import { bundleFile } from '../support/bundle-file.js';
import { jsonLines } from '../support/json-lines.js';
import { expectOneConversation, titleOf, turnsOf } from '../support/reader-script.js';
import { testServer } from '../support/server.js';
import { startWorkerProcess, type WorkerProcessSettings } from '../support/worker-process.js';
import { readBoth, readLocally } from './fixtures/local-workflows.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const bundle = bundleFile(path('./fixtures/local-workflows.ts'));

const cleanUp: (() => Promise<void>)[] = [];

afterAll(async () => {
  await Promise.all(cleanUp.splice(0).map((end) => end()));
});

/** Finds a page once a turn for so many turns, by what it is shown. */
function finder(pages: number, { wait = 0, pause = 0 } = {}): ScriptEntry {
  return {
    when: 'You are the reader.',
    times: Infinity,
    delay: pause,
    reply: (request) => {
      const page = turnsOf(request);
      return page < pages
        ? { text: `note ${page}`, calls: [{ tool: 'find', args: { page, wait } }] }
        : `read ${titleOf(request)}`;
    },
  };
}

async function stage(model: ScriptedModel, settings: Partial<WorkerProcessSettings> = {}) {
  const { address, connect } = await testServer();
  const taskQueue = `test-${randomUUID()}`;
  const log = join(mkdtempSync(join(tmpdir(), 'baton-test-')), 'tools.jsonl');
  const all = {
    address,
    taskQueue,
    bundle: await bundle,
    agents: path('./fixtures/local-agents.ts'),
    models: model.models('small', 'large'),
    ...settings,
  };
  const baton = await connect(taskQueue);
  cleanUp.push(() => baton.close());
  return {
    baton,
    startWorker: async () => {
      const worker = await startWorkerProcess(all, { BATON_TEST_LOG: log });
      cleanUp.push(() => worker.end());
      return worker;
    },
    executions: () => jsonLines<{ pid: number; page: number; key: string }>(log),
  };
}

async function eventually(condition: () => boolean, what: string): Promise<void> {
  for (const until = Date.now() + 30_000; !condition(); await delay(20)) {
    if (Date.now() > until) throw new Error(`never came: ${what}`);
  }
}

describe('a run with local turns and tools', () => {
  it.concurrent.each(['SIGKILL', 'SIGTERM'] as const)(
    'goes on where its worker ends by %s, from what is recorded',
    async (signal) => {
      const model = await startScriptedModel(finder(8, { pause: 150 }));
      const { startWorker, baton, executions } = await stage(model);
      const first = await startWorker();
      const run = await baton.start(readLocally, 'Emma');
      await eventually(() => model.requests.some((request) => turnsOf(request) === 7), 'the eighth turn');
      const before = executions().length;
      first.kill(signal);
      await startWorker();
      expect(await run.result()).toBe('read Emma');
      // Every page is found by the same key, whichever worker found it, and in one conversation.
      const keys = new Map(executions().map(({ page, key }) => [page, key]));
      for (const { page, key } of executions()) expect(key).toBe(keys.get(page));
      expect(keys.size).toBe(8);
      expect(expectOneConversation(model.requests, 'Emma')).toHaveLength(2 + 2 * 8);
      expect(before).toBeGreaterThanOrEqual(7);
      await model.stop();
    },
    240_000,
  );

  it.concurrent(
    'is taken over by ordinary turns on any worker, without any cache',
    async () => {
      const model = await startScriptedModel(finder(3));
      const { startWorker, baton } = await stage(model, {
        cacheBytes: 1,
        worker: { maxCachedWorkflows: 0 },
      });
      await Promise.all([startWorker(), startWorker()]);
      const run = await baton.start(readBoth, 'Persuasion');
      expect(await run.result()).toBe('read Persuasion');
      expect(expectOneConversation(model.requests, 'Persuasion')).toHaveLength(1 + 1 + 2 * 3 + 2);
      await model.stop();
    },
    240_000,
  );

  it.concurrent(
    'is taken over by ordinary turns on another worker',
    async () => {
      const model = await startScriptedModel(finder(3));
      const { startWorker, baton } = await stage(model);
      await Promise.all([startWorker(), startWorker()]);
      const titles = ['Sanditon', 'Evelina', 'Camilla', 'Cecilia'];
      const runs = await Promise.all(titles.map((title) => baton.start(readBoth, title)));
      for (const [i, run] of runs.entries()) expect(await run.result()).toBe(`read ${titles[i]}`);
      for (const title of titles) expect(expectOneConversation(model.requests, title)).toHaveLength(10);
      await model.stop();
    },
    240_000,
  );
});
