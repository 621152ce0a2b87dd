import { bundleWorkflowCode, type Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { buildWorker, connectionOf, pathOf, type BatonWorkerOptions } from './worker/build-worker.js';
import { BatonPlugin } from './worker/plugin.js';
import { resolveSettings } from './worker/read-settings.js';
import { runToStop } from './worker/run-to-stop.js';
import { setUpRuntime } from './worker/runtime.js';
import { checkWorkerOptions } from './worker/worker-options.js';

export type { BatonWorkerOptions } from './worker/build-worker.js';
export type { WorkerSettings } from './worker/worker-settings.js';
export { BatonPlugin, type BatonPluginOptions } from './worker/plugin.js';
export type { Deployment } from './agents/deployment.js';
export type { CircuitOptions } from './activities/circuits/circuit-settings.js';
export { readStored } from './activities/read-result.js';
export type { StoredResult } from './agents/stored-result.js';
export { replayHistories, type Replayed, type ReplayHistoriesOptions } from './replay/replay-histories.js';
export type { Break } from './replay/read-break.js';
export type { Storage } from './storage/open-storage.js';
export type { Notify, PendingApproval } from './activities/ask-people.js';

/**
 * A Temporal worker that runs orchestrations, agents and tools. What the options leave out of how it is run and watched comes from the
 * environment (docs/operations.md).
 * @throws BatonError `ConfigInvalid`, `ServerUnreachable`
 */
export async function createWorker(options: BatonWorkerOptions): Promise<Worker> {
  checkWorkerOptions(options);
  const settings = resolveSettings(options);
  setUpRuntime(settings);
  return buildWorker({ ...options, ...settings });
}

/**
 * Runs a worker until it is told to stop (SIGINT, SIGTERM); turns under way are then finished, or handed back when the grace time is
 * over. A second signal ends the process at once.
 */
export async function runWorker(options: BatonWorkerOptions): Promise<void> {
  checkWorkerOptions(options);
  const settings = resolveSettings(options);
  setUpRuntime(settings);
  const { connection, namespace } = await connectionOf(options);
  let hasLetGo = true;
  try {
    const worker = await buildWorker({ ...options, ...settings, connection, namespace });
    hasLetGo = await runToStop(worker);
  } finally {
    // What has not let go holds the connection; it ends with the process.
    if (connection !== options.connection && hasLetGo) await connection.close();
  }
}

/**
 * Bundles orchestrations ahead of time, for `createWorker({ workflowBundle })`: a worker with a bundle starts in seconds.
 * @param workflows path or `file:` URL of the module with the orchestrations
 */
export function bundleWorkflows(workflows: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: pathOf(workflows), plugins: [new BatonPlugin({ agents: {} })] });
}
