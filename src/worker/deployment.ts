import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { z } from 'zod';
import { Deployment } from '../agents/deployment.js';
import { BatonError } from '../agents/failures.js';

/** By which Temporal's own tools, such as its worker controller for Kubernetes, tell a worker which build it is. */
export const NAME_VARIABLE = 'TEMPORAL_DEPLOYMENT_NAME';
export const BUILD_VARIABLE = 'TEMPORAL_WORKER_BUILD_ID';

/**
 * Which build a worker is: what is given, and the rest from the environment.
 * @returns undefined where nothing is said
 * @throws BatonError `ConfigInvalid`
 */
export function deploymentOf(given: Partial<Deployment> = {}): Deployment | undefined {
  const name = given.name ?? process.env[NAME_VARIABLE];
  const buildId = given.buildId ?? process.env[BUILD_VARIABLE];
  // An empty variable is none.
  if (!name && !buildId) return undefined;
  const parsed = Deployment.safeParse({ name: name || undefined, buildId: buildId || undefined });
  if (parsed.success) return parsed.data;
  throw new BatonError(
    'ConfigInvalid',
    `a deployment needs a name and a build id (${NAME_VARIABLE}, ${BUILD_VARIABLE}): ${z.prettifyError(parsed.error)}`,
  );
}

/** A run stays at the build that it begins with, unless its orchestration says otherwise. */
export function versioned({ name, buildId }: Deployment): WorkerDeploymentOptions {
  return {
    version: { deploymentName: name, buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  };
}

/** @throws BatonError `ConfigInvalid` */
export function ownDeployment(options: WorkerDeploymentOptions | undefined): Deployment | undefined {
  if (!options) return undefined;
  const { version, useWorkerVersioning } = options;
  // The server refuses what a run's code says of versions while its worker has a deployment without being versioned.
  if (!useWorkerVersioning)
    throw new BatonError(
      'ConfigInvalid',
      'workerDeploymentOptions: set useWorkerVersioning, or leave them out (docs/deploys.md)',
    );
  return { name: version.deploymentName, buildId: version.buildId };
}
