import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  NativeConnection,
  Worker,
  type WorkerOptions,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { BatonError } from './agents/failures.js';
import { DEFAULT_TASK_QUEUE } from './agents/names.js';
import { connectionOptions, unreachable, type ConnectionSettings } from './connection.js';
import { BatonPlugin, type BatonPluginOptions } from './worker/plugin.js';
import { checkWorkerOptions, NO_WORKFLOWS } from './worker/worker-options.js';

export { BatonPlugin, type BatonPluginOptions } from './worker/plugin.js';
export type { CircuitOptions } from './activities/circuits/circuit-settings.js';
export { readStored } from './activities/read-result.js';
export type { StoredResult } from './agents/stored-result.js';
export type { Storage } from './storage/open-storage.js';
export type { Notify, PendingApproval } from './activities/ask-people.js';

export interface BatonWorkerOptions extends BatonPluginOptions {
  /** Module with the orchestrations: a path or a `file:` URL, as of `import.meta.resolve('./workflows.ts')`. */
  workflows?: string;
  /** Instead of `workflows`: what `bundleWorkflows` made, which starts faster. */
  workflowBundle?: WorkerOptions['workflowBundle'];
  /** An open connection, or where to connect. Default: Temporal's standard configuration. */
  connection?: NativeConnection | ConnectionSettings;
  namespace?: string;
  /** Default `baton`. */
  taskQueue?: string;
  /** Temporal's own worker options; `activities` are the user's own, beside agents and tools. */
  worker?: Omit<WorkerOptions, 'connection' | 'namespace' | 'taskQueue' | 'workflowsPath' | 'workflowBundle'>;
}

/**
 * The SDK's default is one. A thread answers all that has come to it at once, and the main thread waits meanwhile: with two, 200
 * runs of local turns are 15 % faster on two cores.
 */
const WORKFLOW_THREADS = 2;

/**
 * A Temporal worker that runs orchestrations, agents and tools.
 * @throws BatonError `ConfigInvalid`, `ServerUnreachable`
 */
export async function createWorker(options: BatonWorkerOptions): Promise<Worker> {
  checkWorkerOptions(options);
  const { workflows, workflowBundle, taskQueue = DEFAULT_TASK_QUEUE, worker = {}, ...settings } = options;
  const { connection: _, namespace: __, ...pluginOptions } = settings;
  const plugin = new BatonPlugin(pluginOptions);
  const { connection, namespace } = await connectionOf(options);
  const { plugins = [], ...rest } = worker;
  return Worker.create({
    shutdownGraceTime: '10 seconds',
    workflowThreadPoolSize: WORKFLOW_THREADS,
    ...rest,
    connection,
    namespace,
    taskQueue,
    ...(workflowBundle ? { workflowBundle } : { workflowsPath: pathOf(workflows) }),
    plugins: [...plugins, plugin],
  });
}

/** Runs a worker until it is told to stop (SIGINT, SIGTERM); turns under way are then finished or handed back. */
export async function runWorker(options: BatonWorkerOptions): Promise<void> {
  checkWorkerOptions(options);
  const { connection, namespace } = await connectionOf(options);
  try {
    const worker = await createWorker({ ...options, connection, namespace });
    await worker.run();
  } finally {
    if (connection !== options.connection) await connection.close();
  }
}

/**
 * Bundles orchestrations ahead of time, for `createWorker({ workflowBundle })`: a worker with a bundle starts in seconds.
 * @param workflows path or `file:` URL of the module with the orchestrations
 */
export function bundleWorkflows(workflows: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: pathOf(workflows), plugins: [new BatonPlugin({ agents: {} })] });
}

async function connectionOf({ connection: given, namespace }: BatonWorkerOptions) {
  if (given instanceof NativeConnection) return { connection: given, namespace: namespace ?? 'default' };
  const settings = connectionOptions({ ...given, ...(namespace === undefined ? {} : { namespace }) });
  try {
    return { connection: await NativeConnection.connect(settings.connection), namespace: settings.namespace };
  } catch (cause) {
    throw unreachable(settings.connection.address, cause);
  }
}

function pathOf(workflows: string | undefined): string {
  if (!workflows) throw new BatonError('ConfigInvalid', NO_WORKFLOWS);
  return workflows.startsWith('file:') ? fileURLToPath(workflows) : workflows;
}
