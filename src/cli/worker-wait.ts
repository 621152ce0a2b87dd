import type { Deployment } from '../agents/deployment.js';
import type { Baton } from '../client.js';
import { BRING_BACK, buildText, pinnedBuild } from './builds.js';
import { CliError } from './failures.js';

/** A worker asks for tasks at least this often (ms): a long poll takes a minute, and some grace. */
const POLL_EVERY_MS = 75_000;
/** How long (ms) an answer may take: with a worker it is milliseconds. */
const ANSWER_MS = 20_000;

/** Whether a worker has lately asked for tasks of the run's task queue. */
export async function hasWorker(baton: Baton, workflowId: string): Promise<boolean> {
  const run = await baton.client.workflow.getHandle(workflowId).describe();
  return pollsQueue(serverOf(baton), run.taskQueue, pinnedBuild(run));
}

/** Whether a worker is there for the run of that id that is going on, or else for one that would be started. */
export async function hasWorkerOf(baton: Baton, workflowId: string): Promise<boolean> {
  const run = await baton.client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  return run?.status.name === 'RUNNING'
    ? pollsQueue(serverOf(baton), run.taskQueue, pinnedBuild(run))
    : pollsQueue(serverOf(baton), baton.taskQueue);
}

/** The build that a run is pinned to, where no worker of it is there. */
export async function missingBuild(baton: Baton, workflowId: string): Promise<Deployment | undefined> {
  const run = await baton.client.workflow.getHandle(workflowId).describe();
  const build = pinnedBuild(run);
  if (!build || (await pollsQueue(serverOf(baton), run.taskQueue, build))) return undefined;
  return build;
}

interface Server {
  workflowService: Baton['client']['workflowService'];
  namespace: string;
}

/** @param build counts its workers alone */
export async function pollsQueue(
  { workflowService, namespace }: Server,
  taskQueue: string,
  build?: Deployment,
): Promise<boolean> {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: 1, // of workflow tasks
  });
  return (pollers ?? []).some(({ lastAccessTime, deploymentOptions: version }) => {
    if (build && (version?.deploymentName !== build.name || version.buildId !== build.buildId)) return false;
    const seconds = Number(lastAccessTime?.seconds ?? 0);
    return Date.now() - seconds * 1000 < POLL_EVERY_MS;
  });
}

/**
 * Does what needs a worker, such as a query or an update; without one it would wait for ever.
 * @throws CliError `WorkerMissing`
 */
export async function withWorkerOf<T>(baton: Baton, workflowId: string, fn: () => Promise<T>): Promise<T> {
  const run = await baton.client.workflow.getHandle(workflowId).describe();
  const { taskQueue, status } = run;
  const build = pinnedBuild(run);
  if (status.name === 'RUNNING' && !(await pollsQueue(serverOf(baton), taskQueue, build))) {
    throw build
      ? new CliError('WorkerMissing', `no worker is ${buildText(build)}, which the run is pinned to`, {
          advice: BRING_BACK,
        })
      : new CliError('WorkerMissing', `nobody works on the task queue ${taskQueue}`);
  }
  return baton.client.connection.withDeadline(Date.now() + ANSWER_MS, fn);
}

function serverOf({ client }: Baton): Server {
  return { workflowService: client.workflowService, namespace: client.options.namespace };
}
