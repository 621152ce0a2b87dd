import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Deployment } from '../agents/deployment.js';

/** Of `temporal.api.enums.v1.VersioningBehavior`. */
const PINNED = 1;

/** The build whose workers alone go on with a run; undefined where others may. */
export function pinnedBuild({
  raw,
  status,
}: Pick<WorkflowExecutionDescription, 'raw' | 'status'>): Deployment | undefined {
  if (status.name !== 'RUNNING') return undefined;
  const { behavior, deploymentVersion, versioningOverride } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  if (versioningOverride?.autoUpgrade) return undefined;
  const version =
    versioningOverride?.pinned?.version ?? (behavior === PINNED ? deploymentVersion : undefined);
  const { deploymentName, buildId } = version ?? {};
  return deploymentName && buildId ? { name: deploymentName, buildId } : undefined;
}

export const buildText = ({ name, buildId }: Deployment): string => `build ${buildId} of ${name}`;

/** What to do where a run waits for a build that has no workers. */
export const BRING_BACK =
  'start workers of that build again; or have runs go on with the current one, once npx baton replay says that they can (docs/deploys.md)';
