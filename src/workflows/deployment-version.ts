import { patched, workflowInfo, type ContinueAsNewOptions } from '@temporalio/workflow';
import { maybeGetActivator } from '@temporalio/workflow/lib/global-attributes.js';
import { runState } from './run-state.js';

/** What a run knows of builds, beside what Temporal tells it. */
export interface DeploymentState {
  /** The build that is not current any more, as a worker has said. */
  outdated?: string;
  /** The build that the run before left. */
  left?: string;
  /** Set where the run has to go on at its build, as what it does is pinned to that. */
  stays?: true;
}

/** The build of the worker that the run is at now, as `name:buildId`; absent without Worker Versioning. */
export function ownVersion(): string | undefined {
  const { deploymentName = '', buildId } = workflowInfo().currentDeploymentVersion ?? {};
  // Workers that are not versioned have a build id too.
  return deploymentName === '' ? undefined : `${deploymentName}:${buildId}`;
}

/** Whether another build has taken the place of the one that the run is pinned to, and continuing it as new leads there. */
export function isOutdated(): boolean {
  const { outdated, left } = runState().deployment;
  const version = ownVersion();
  if (version === undefined || version === left) return false;
  return outdated === version || (workflowInfo().targetWorkerDeploymentVersionChanged && maySee());
}

/**
 * How a run is continued as new: by the build that is current then. What the orchestration itself says comes first: of the next run
 * by `initialVersioningBehavior`, or `PINNED` by `setWorkflowOptions`, which Temporal takes over into the next run.
 */
export function towardsCurrent(
  options: ContinueAsNewOptions,
): Pick<ContinueAsNewOptions, 'initialVersioningBehavior'> {
  const state = runState().deployment;
  const activator = maybeGetActivator();
  const version = ownVersion();
  if (version === undefined || state.stays || !activator) return {};
  const { initialVersioningBehavior: given } = options;
  if (given === undefined ? activator.versioningBehavior === 'PINNED' : given !== 'AUTO_UPGRADE') return {};
  if (isOutdated()) state.left = version;
  // Where it was tried already, it is not tried again.
  else if (state.left !== version) delete state.left;
  // Older servers, such as 1.29, know nothing of the next run's behaviour, and give it the version of a run that is pinned: so this
  // one stops being pinned with its last workflow task.
  activator.versioningBehavior = 'AUTO_UPGRADE';
  return { initialVersioningBehavior: 'AUTO_UPGRADE' };
}

/** Has the run go on at the current build always, as its code is Baton's alone. For runs that all builds need. */
export function followCurrent(): void {
  const activator = maybeGetActivator();
  if (!activator) return;
  // A worker without Worker Versioning may not name a behaviour.
  if (ownVersion() === undefined) delete activator.versioningBehavior;
  else activator.versioningBehavior = 'AUTO_UPGRADE';
}

/** Runs in which the hint was not heeded go on as they did. */
function maySee(): boolean {
  return patched('baton-deployment');
}
