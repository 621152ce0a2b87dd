import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Deployment } from '../agents/deployment.js';
import { BatonError } from '../agents/failures.js';
import { DEFAULT_TASK_QUEUE } from '../agents/names.js';
import { connectionOptions, unreachable, type ConnectionSettings } from '../connection.js';
import { WORKER_DEFAULTS } from './defaults.js';
import { deploymentOf, versioned } from './deployment.js';
import { Health } from './health.js';
import { BatonPlugin, type BatonPluginOptions } from './plugin.js';
import { slotsOf } from './slots.js';
import { NO_WORKFLOWS, pluginOptionsOf } from './worker-options.js';
import type { WorkerSettings } from './worker-settings.js';

export interface BatonWorkerOptions extends BatonPluginOptions, WorkerSettings {
  /** Module with the orchestrations: a path or a `file:` URL, as of `import.meta.resolve('./workflows.ts')`. */
  workflows?: string;
  /** Instead of `workflows`: what `bundleWorkflows` made, which starts faster. */
  workflowBundle?: WorkerOptions['workflowBundle'];
  /** An open connection, or where to connect. Default: Temporal's standard configuration. */
  connection?: NativeConnection | ConnectionSettings;
  namespace?: string;
  /** Default `baton`. */
  taskQueue?: string;
  /**
   * Which build of the application the worker is: runs then stay with the build that they began with, and long agents and sessions
   * go over to the current one (docs/deploys.md). Default: `TEMPORAL_DEPLOYMENT_NAME` and `TEMPORAL_WORKER_BUILD_ID`, else none.
   */
  deployment?: Deployment;
  /** Temporal's own worker options; `activities` are the user's own, beside agents and tools. */
  worker?: Omit<WorkerOptions, 'connection' | 'namespace' | 'taskQueue' | 'workflowsPath' | 'workflowBundle'>;
}

/**
 * A worker of checked options; Temporal's runtime is set up already, and the environment is not looked at.
 * @throws BatonError `ConfigInvalid`, `ServerUnreachable`
 */
export async function buildWorker(options: BatonWorkerOptions): Promise<Worker> {
  const { workflows, workflowBundle, taskQueue = DEFAULT_TASK_QUEUE, worker = {} } = options;
  const { health: probes, shutdownGrace = WORKER_DEFAULTS.shutdownGrace } = options;
  const deployment = worker.workerDeploymentOptions ? undefined : deploymentOf(options.deployment);
  const plugin = new BatonPlugin(pluginOptionsOf(options));
  const slots = slotsOf(options, worker);
  const { plugins = [], ...rest } = worker;
  const health = probes && (await Health.open(probes));
  try {
    const { connection, namespace } = await connectionOf(options);
    const built = await Worker.create({
      shutdownGraceTime: shutdownGrace,
      workflowThreadPoolSize: WORKER_DEFAULTS.workflowThreads,
      ...slots,
      ...(deployment ? { workerDeploymentOptions: versioned(deployment) } : {}),
      ...rest,
      connection,
      namespace,
      taskQueue,
      ...(workflowBundle ? { workflowBundle } : { workflowsPath: pathOf(workflows) }),
      plugins: [...plugins, plugin, ...(health ? [health.plugin] : [])],
    });
    health?.watch(built, connection);
    return built;
  } catch (error) {
    await health?.close();
    throw error;
  }
}

export async function connectionOf({ connection: given, namespace }: BatonWorkerOptions) {
  if (given instanceof NativeConnection) return { connection: given, namespace: namespace ?? 'default' };
  const settings = connectionOptions({ ...given, ...(namespace === undefined ? {} : { namespace }) });
  try {
    return { connection: await NativeConnection.connect(settings.connection), namespace: settings.namespace };
  } catch (cause) {
    throw unreachable(settings.connection.address, cause);
  }
}

export function pathOf(workflows: string | undefined): string {
  if (!workflows) throw new BatonError('ConfigInvalid', NO_WORKFLOWS);
  return workflows.startsWith('file:') ? fileURLToPath(workflows) : workflows;
}
