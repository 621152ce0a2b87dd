import { relative } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import type { LogLevel } from '@temporalio/common';
import { Registry } from '../activities/registry.js';
import { DEFAULT_TASK_QUEUE } from '../agents/names.js';
import { connectionOptions, unreachable, type ConnectionSettings } from '../connection.js';
import { createWorker } from '../worker.js';
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
  /** Whether the offline model answers. */
  offline: boolean;
  /** Temporal's log from this level on. */
  log: LogLevel;
}

/** Starts the worker of a project in this process. @throws BatonError `ConfigInvalid`, `ServerUnreachable` */
export async function hostWorker({ io, project, ...options }: HostOptions): Promise<HostedWorker> {
  const taskQueue = options.taskQueue ?? project.taskQueue ?? DEFAULT_TASK_QUEUE;
  const { agents, activities } = await loadDefinitions(project);
  if (new Registry(agents, project.models).agentNames.length === 0)
    remark(io, `${relative(io.cwd, project.agents)} exports no agent: runs that call one will wait for it`);
  const workflowBundle = await bundleProject(project);
  installRuntime(io, options.log);
  const settings = connectionOptions(options.connection);
  const connection = await NativeConnection.connect(settings.connection).catch((cause: unknown) => {
    throw unreachable(settings.connection.address, plainer(cause));
  });
  const models = options.offline ? offlineModels(agents, project.models) : project.models;
  try {
    if (options.alone) await warnOfOthers(io, connection, settings.namespace, taskQueue);
    const worker = await createWorker({
      agents,
      workflowBundle,
      connection,
      namespace: settings.namespace,
      taskQueue,
      ...(models ? { models } : {}),
      ...(project.storage === undefined ? {} : { storage: project.storage }),
      ...(project.circuits === undefined ? {} : { circuits: project.circuits }),
      ...(activities ? { worker: { activities } } : {}),
    });
    const ended = worker.run();
    // Whoever waits for it hears of a failure; nobody may be waiting yet.
    ended.catch(() => undefined);
    return {
      taskQueue,
      ended,
      async stop() {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await ended;
        await connection.close();
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
  const [, message] = cause instanceof Error ? (/message: "([^"]+)"/.exec(cause.message) ?? []) : [];
  return message === undefined ? cause : new Error(message, { cause });
}
