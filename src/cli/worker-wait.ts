import type { Deployment } from '../agents/deployment.js';
import type { Baton } from '../client.js';
import { BRING_BACK, buildText, deploymentOf, pinnedBuild, setCurrentAdvice } from './builds.js';
import { CliError } from './failures.js';

/** A worker asks for tasks at least this often (ms): a long poll takes a minute, and some grace. */
const POLL_EVERY_MS = 75_000;
/** How long (ms) an answer may take: with a worker it is milliseconds. */
const ANSWER_MS = 20_000;
/** Of `temporal.api.enums.v1.WorkerVersioningMode`. */
const VERSIONED = 2;

/** Why no worker takes the work of a run, and what to do about it. */
interface MissingWorker {
  why: string;
  /** That of `WorkerMissing` where it is left out. */
  advice?: string;
}

/** Why no worker goes on with the latest run of that id; undefined where one would. */
export async function missingWorker(baton: Baton, workflowId: string): Promise<MissingWorker | undefined> {
  const run = await baton.client.workflow.getHandle(workflowId).describe();
  return missingWorkerFor(serverOf(baton), run.taskQueue, pinnedBuild(run));
}

/** The same for the run of that id that is going on, or else for one that would be started. */
export async function missingWorkerOrFirst(
  baton: Baton,
  workflowId: string,
): Promise<MissingWorker | undefined> {
  const run = await baton.client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  return run?.status.name === 'RUNNING'
    ? missingWorkerFor(serverOf(baton), run.taskQueue, pinnedBuild(run))
    : missingWorkerFor(serverOf(baton), baton.taskQueue);
}

/**
 * Does what needs a worker, such as a query or an update; without one it would wait for ever.
 * @throws CliError `WorkerMissing`
 */
export async function withWorkerOf<T>(baton: Baton, workflowId: string, fn: () => Promise<T>): Promise<T> {
  const run = await baton.client.workflow.getHandle(workflowId).describe();
  if (run.status.name === 'RUNNING') {
    const missing = await missingWorkerFor(serverOf(baton), run.taskQueue, pinnedBuild(run));
    if (missing) throw workerMissing(missing);
  }
  return baton.client.connection.withDeadline(Date.now() + ANSWER_MS, fn);
}

export function workerMissing({ why, ...advice }: MissingWorker): CliError {
  return new CliError('WorkerMissing', why, advice);
}

/** @param build counts its workers alone */
export async function pollsQueue(server: Server, taskQueue: string, build?: Deployment): Promise<boolean> {
  const { builds } = await readQueue(server, taskQueue);
  return builds.some((each) => build === undefined || isSame(each, build));
}

/** @param pinned the build whose workers alone would do */
async function missingWorkerFor(
  server: Server,
  taskQueue: string,
  pinned?: Deployment,
): Promise<MissingWorker | undefined> {
  const { builds, current } = await readQueue(server, taskQueue);
  if (pinned) {
    if (builds.some((build) => isSame(build, pinned))) return undefined;
    return { why: `no worker is ${buildText(pinned)}, which the run is pinned to`, advice: BRING_BACK };
  }
  if (builds.some((build) => isSame(build, current))) return undefined;
  if (current) {
    const why = `what is new on the task queue ${taskQueue} goes to ${buildText(current)}, and no worker is that`;
    return { why, advice: 'start workers of that build, or make another the current one (docs/deploys.md)' };
  }
  const [build] = builds;
  if (!build) return { why: `nobody works on the task queue ${taskQueue}` };
  const { name, buildId } = build;
  return {
    why: `the workers of the task queue ${taskQueue} are ${buildText(build)}, and ${name} has no current build`,
    advice: setCurrentAdvice(name, buildId),
  };
}

interface Server {
  workflowService: Baton['client']['workflowService'];
  namespace: string;
}

interface Queue {
  /** Of each worker that has lately asked for tasks; undefined where it is not versioned. */
  builds: (Deployment | undefined)[];
  /** What new work goes to; undefined where workers that are not versioned get it. */
  current: Deployment | undefined;
}

async function readQueue({ workflowService, namespace }: Server, taskQueue: string): Promise<Queue> {
  const { pollers, versioningInfo } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: 1, // of workflow tasks
  });
  const recent = (pollers ?? []).filter(
    ({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 < POLL_EVERY_MS,
  );
  return {
    builds: recent.map(({ deploymentOptions: options }) =>
      options?.workerVersioningMode === VERSIONED ? deploymentOf(options) : undefined,
    ),
    current: deploymentOf(versioningInfo?.currentDeploymentVersion),
  };
}

function isSame(one: Deployment | undefined, other: Deployment | undefined): boolean {
  return one?.name === other?.name && one?.buildId === other?.buildId;
}

function serverOf({ client }: Baton): Server {
  return { workflowService: client.workflowService, namespace: client.options.namespace };
}
