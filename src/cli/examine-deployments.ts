import type { Client } from '@temporalio/client';
import type { Baton } from '../client.js';
import type { Deployment } from '../agents/deployment.js';
import { BRING_BACK, setCurrentAdvice } from './builds.js';
import { note, ok, type Finding } from './health.js';
import { pollsQueue } from './worker-wait.js';

const NAME = 'Deployments';
/** A namespace may have many, of other applications too. */
const MAX_DEPLOYMENTS = 50;
/** Of `temporal.api.enums.v1.VersionDrainageStatus`: no open run is pinned to it. */
const DRAINED = 2;

interface KnownDeployment {
  name: string;
  /** The build that new work goes to. */
  current?: string;
  /** The builds that have workers or runs, or may have. */
  builds: string[];
}

/** The applications whose workers are versioned: which build is current, and runs that wait for a build without workers. */
export async function examineDeployments({ client }: Baton): Promise<Finding[]> {
  const { namespace } = client.options;
  const { workerDeployments } = await client.workflowService.listWorkerDeployments({
    namespace,
    pageSize: MAX_DEPLOYMENTS,
  });
  const names = (workerDeployments ?? []).flatMap(({ name }) => (name ? [name] : []));
  const findings = await Promise.all(names.map((name) => examineDeployment(client, name)));
  return findings.flat();
}

async function examineDeployment(client: Client, name: string): Promise<Finding[]> {
  const { current, builds } = await readDeployment(client, name);
  const states = await Promise.all(builds.map((buildId) => examineBuild(client, { name, buildId })));
  const texts = states.flatMap(({ buildId, runs }) =>
    buildId === current || runs === 0 ? [] : [`build ${buildId} has ${runsText(runs)}`],
  );
  const stranded = states.filter(({ runs, hasWorkers }) => runs > 0 && !hasWorkers);
  return [
    current === undefined
      ? note(
          NAME,
          `${name}: no build is current, so its workers get no new runs`,
          setCurrentAdvice(name, builds.at(-1)),
        )
      : ok(NAME, [`${name}: build ${current} is current`, ...texts].join('; ')),
    ...stranded.map(({ buildId, runs }) =>
      note(NAME, `${name}: build ${buildId} has ${runsText(runs)} and no worker: they wait`, BRING_BACK),
    ),
  ];
}

/** What the server knows of a deployment. */
export async function readDeployment(client: Client, name: string): Promise<KnownDeployment> {
  const { workerDeploymentInfo: info } = await client.workflowService.describeWorkerDeployment({
    namespace: client.options.namespace,
    deploymentName: name,
  });
  const current = info?.routingConfig?.currentDeploymentVersion?.buildId;
  const builds = (info?.versionSummaries ?? [])
    .filter(({ drainageInfo }) => drainageInfo?.status !== DRAINED)
    .flatMap(({ deploymentVersion }) => deploymentVersion?.buildId ?? []);
  return { name, builds, ...(current ? { current } : {}) };
}

interface BuildState {
  buildId: string;
  /** Open runs that are at it. */
  runs: number;
  hasWorkers: boolean;
}

async function examineBuild(client: Client, build: Deployment): Promise<BuildState> {
  const { workflowService, options } = client;
  const { namespace } = options;
  const { name: deploymentName, buildId } = build;
  const version = `${deploymentName}:${buildId}`.replaceAll("'", "''");
  const [{ count }, { versionTaskQueues }] = await Promise.all([
    client.workflow.count(`TemporalWorkerDeploymentVersion = '${version}' AND ExecutionStatus = 'Running'`),
    workflowService.describeWorkerDeploymentVersion({
      namespace,
      deploymentVersion: { deploymentName, buildId },
    }),
  ]);
  const queues = new Set((versionTaskQueues ?? []).flatMap((queue) => queue.name ?? []));
  const polled = await Promise.all(
    [...queues].map((queue) => pollsQueue({ workflowService, namespace }, queue, build)),
  );
  return { buildId, runs: count, hasWorkers: polled.includes(true) };
}

function runsText(runs: number): string {
  return runs === 1 ? '1 open run' : `${runs} open runs`;
}
