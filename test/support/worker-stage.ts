import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Baton } from '../../src/client.js';
import type { ScriptedModel } from '../../src/testing/index.js';
import { testServer } from './server.js';
import { startWorkerProcess, type WorkerProcess, type WorkerProcessSettings } from './worker-process.js';

/** Workers in processes of their own, on a task queue of theirs, and a client to it. */
export interface WorkerStage {
  baton: Baton;
  startWorker(settings?: Partial<WorkerProcessSettings>): Promise<WorkerProcess>;
  close(): Promise<void>;
}

/**
 * @param bundle file with the workflow bundle
 * @param agents module of the agents
 */
export async function openWorkerStage(
  { model, bundle, agents }: { model: ScriptedModel; bundle: string; agents: URL },
  env: NodeJS.ProcessEnv = {},
): Promise<WorkerStage> {
  const { address, connect } = await testServer();
  const taskQueue = `test-${randomUUID()}`;
  const settings = {
    address,
    taskQueue,
    bundle,
    agents: fileURLToPath(agents),
    models: model.models('small'),
  };
  const baton = await connect(taskQueue);
  const workers: WorkerProcess[] = [];
  return {
    baton,
    async startWorker(more = {}) {
      const worker = await startWorkerProcess({ ...settings, ...more }, env);
      workers.push(worker);
      return worker;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.end()));
      await baton.close();
    },
  };
}

export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  ms = 30_000,
): Promise<void> {
  for (const until = Date.now() + ms; !(await condition()); await delay(50)) {
    if (Date.now() > until) throw new Error(`never came: ${what}`);
  }
}
