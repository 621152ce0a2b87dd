import { relative } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import type { LogLevel } from '@temporalio/common';
import { Registry } from '../activities/registry.js';
import type { Deployment } from '../agents/deployment.js';
import { DEFAULT_TASK_QUEUE } from '../agents/names.js';
import { connectionOptions, unreachable, type ConnectionSettings } from '../connection.js';
import { buildWorker } from '../worker/build-worker.js';
import { runToStop } from '../worker/run-to-stop.js';
import { levelOf } from '../worker/runtime.js';
import { checkWorkerOptions } from '../worker/worker-options.js';
import type { WorkerSettings } from '../worker/worker-settings.js';
import { bundleProject } from './bundle.js';
import { remark, type Io } from './io.js';
import { offlineModels } from './offline-models.js';
import { loadDefinitions, type Project } from './project.js';
import { installRuntime } from './temporal-runtime.js';
import { pollsQueue } from './worker-wait.js';

export interface HostedWorker {
  taskQueue: string;
  /** Resolves when the worker has stopped; rejects where it failed. */
  ended: Promise<void>;
  /** Finishes what is under way, or hands it back. */
  stop(): Promise<void>;
}

export interface HostOptions {
  io: Io;
  project: Project;
  connection: ConnectionSettings;
  taskQueue?: string | undefined;
  /** Whether it should be the only worker of its task queue, as in development: another one is then remarked on. */
  alone?: boolean;
  /** Which build of the project it is. */
  deployment?: Deployment | undefined;
  /** Whether the offline model answers. */
  offline: boolean;
  /** Temporal's log from this level on, where the settings name none. */
  log: LogLevel;
  /** How it is run and watched. */
  settings?: WorkerSettings;
}

/** Starts the worker of a project in this process. @throws BatonError `ConfigInvalid`, `ServerUnreachable` */
export async function hostWorker({ io, project, ...options }: HostOptions): Promise<HostedWorker> {
  const taskQueue = options.taskQueue ?? project.taskQueue ?? DEFAULT_TASK_QUEUE;
  const { agents, activities } = await loadDefinitions(project);
  if (new Registry(agents, project.models).agentNames.length === 0)
    remark(io, `${relative(io.cwd, project.agents)} exports no agent: runs that call one will wait for it`);
  const workflowBundle = await bundleProject(project);
  const { settings: operation = {} } = options;
  installRuntime(io, operation.logLevel ? levelOf(operation.logLevel) : options.log, operation);
  const settings = connectionOptions(options.connection);
  const connection = await NativeConnection.connect(settings.connection).catch((cause: unknown) => {
    throw unreachable(settings.connection.address, plainer(cause));
  });
  const models = options.offline ? offlineModels(agents, project.models) : project.models;
  try {
    if (options.alone) await warnOfOthers(io, connection, settings.namespace, taskQueue);
    const given = {
      ...operation,
      agents,
      workflowBundle,
      connection,
      namespace: settings.namespace,
      taskQueue,
      ...(options.deployment ? { deployment: options.deployment } : {}),
      ...(models ? { models } : {}),
      ...(project.storage === undefined ? {} : { storage: project.storage }),
      ...(project.circuits === undefined ? {} : { circuits: project.circuits }),
      ...(activities ? { worker: { activities } } : {}),
    };
    checkWorkerOptions(given);
    const worker = await buildWorker(given);
    const running = runToStop(worker);
    const ended = running.then(() => undefined);
    // Whoever waits for it hears of a failure; nobody may be waiting yet.
    ended.catch(() => undefined);
    return {
      taskQueue,
      ended,
      async stop() {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        // What has not let go holds the connection; it ends with the process.
        if (await running) await connection.close();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Workers of one queue take each other's work, whatever folder they were started in. */
async function warnOfOthers(
  io: Io,
  connection: NativeConnection,
  namespace: string,
  taskQueue: string,
): Promise<void> {
  if (!(await pollsQueue({ workflowService: connection.workflowService, namespace }, taskQueue))) return;
  remark(
    io,
    `another worker asked for work of the task queue "${taskQueue}" lately: with other code it would take this one's runs; --task-queue names another`,
  );
}

/** The system's own words out of what the native client says. */
function plainer(cause: unknown): unknown {
  const [, message] =
    cause instanceof Error ? (/(?:message|error): "([^"]+)"/.exec(cause.message) ?? []) : [];
  return message === undefined ? cause : new Error(message, { cause });
}
