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
  return deploymentOf(
    versioningOverride?.pinned?.version ?? (behavior === PINNED ? deploymentVersion : undefined),
  );
}

/** As the server names a build. */
export function deploymentOf(
  version: { deploymentName?: string | null; buildId?: string | null } | null | undefined,
): Deployment | undefined {
  const { deploymentName, buildId } = version ?? {};
  return deploymentName && buildId ? { name: deploymentName, buildId } : undefined;
}

export const buildText = ({ name, buildId }: Deployment): string => `build ${buildId} of ${name}`;

/** How a build gets the new work. */
export function setCurrentAdvice(name: string, buildId = 'BUILD'): string {
  return `temporal worker deployment set-current-version --deployment-name ${name} --build-id ${buildId} --yes`;
}

/** What to do where a run waits for a build that has no workers. */
export const BRING_BACK =
  'start workers of that build again; or have runs go on with the current one, once npx baton replay says that they can (docs/deploys.md)';
