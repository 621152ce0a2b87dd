import { NativeConnection } from '@temporalio/worker';
import type { LogLevel } from '@temporalio/common';
import { DEFAULT_TASK_QUEUE } from '../agents/names.js';
import { connectionOptions, unreachable, type ConnectionSettings } from '../connection.js';
import { createWorker } from '../worker.js';
import { bundleProject } from './bundle.js';
import type { Io } from './io.js';
import { loadDefinitions, type Project } from './project.js';
import { installRuntime } from './temporal-runtime.js';

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
  /** Temporal's log from this level on. */
  log: LogLevel;
}

/** Starts the worker of a project in this process. @throws BatonError `ConfigInvalid`, `ServerUnreachable` */
export async function hostWorker({ io, project, ...options }: HostOptions): Promise<HostedWorker> {
  const taskQueue = options.taskQueue ?? project.taskQueue ?? DEFAULT_TASK_QUEUE;
  const { agents, activities } = await loadDefinitions(project);
  const workflowBundle = await bundleProject(project);
  installRuntime(io, options.log);
  const settings = connectionOptions(options.connection);
  const connection = await NativeConnection.connect(settings.connection).catch((cause: unknown) => {
    throw unreachable(settings.connection.address, plainer(cause));
  });
  const { models } = project;
  try {
    const worker = await createWorker({
      agents,
      workflowBundle,
      connection,
      namespace: settings.namespace,
      taskQueue,
      ...(models ? { models } : {}),
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

/** The system's own words out of what the native client says. */
function plainer(cause: unknown): unknown {
  const [, message] = cause instanceof Error ? (/message: "([^"]+)"/.exec(cause.message) ?? []) : [];
  return message === undefined ? cause : new Error(message, { cause });
}
