import { CliError } from './failures.js';
import type { Baton } from '../client.js';

/** A worker asks for tasks at least this often (ms): a long poll takes a minute, and some grace. */
const POLL_EVERY_MS = 75_000;
/** How long (ms) an answer may take: with a worker it is milliseconds. */
const ANSWER_MS = 20_000;

/** Whether a worker has lately asked for tasks of the run's task queue. */
export async function hasWorker(baton: Baton, workflowId: string): Promise<boolean> {
  const { taskQueue } = await baton.client.workflow.getHandle(workflowId).describe();
  return pollsQueue(serverOf(baton), taskQueue);
}

/** Whether a worker is there for the run of that id that is going on, or else for one that would be started. */
export async function hasWorkerOf(baton: Baton, workflowId: string): Promise<boolean> {
  const run = await baton.client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  const taskQueue = run?.status.name === 'RUNNING' ? run.taskQueue : baton.taskQueue;
  return pollsQueue(serverOf(baton), taskQueue);
}

interface Server {
  workflowService: Baton['client']['workflowService'];
  namespace: string;
}

export async function pollsQueue(
  { workflowService, namespace }: Server,
  taskQueue: string,
): Promise<boolean> {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: 1, // of workflow tasks
  });
  return (pollers ?? []).some(({ lastAccessTime }) => {
    const seconds = Number(lastAccessTime?.seconds ?? 0);
    return Date.now() - seconds * 1000 < POLL_EVERY_MS;
  });
}

/**
 * Does what needs a worker, such as a query or an update; without one it would wait for ever.
 * @throws CliError `WorkerMissing`
 */
export async function withWorkerOf<T>(baton: Baton, workflowId: string, fn: () => Promise<T>): Promise<T> {
  const { taskQueue, status } = await baton.client.workflow.getHandle(workflowId).describe();
  if (status.name === 'RUNNING' && !(await pollsQueue(serverOf(baton), taskQueue))) {
    throw new CliError('WorkerMissing', `nobody works on the task queue ${taskQueue}`);
  }
  return baton.client.connection.withDeadline(Date.now() + ANSWER_MS, fn);
}

function serverOf({ client }: Baton): Server {
  return { workflowService: client.workflowService, namespace: client.options.namespace };
}
