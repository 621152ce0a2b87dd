import type { Client } from '@temporalio/client';
import type { Deployment } from '../agents/deployment.js';

/** Runs move between turns: what is this old (ms) will do. */
const FRESH_MS = 10_000;
const TIMEOUT_MS = 5_000;

/** Knows whether the worker's build is the one that new work goes to. It asks Temporal beside the turns, which never wait for it. */
export class DeploymentWatch {
  private own: Deployment | undefined;
  private isOutdated = false;
  private askedAt = -Infinity;

  /** @param own none without Worker Versioning */
  begin(own: Deployment | undefined): void {
    this.own = own;
  }

  /** The worker's build, as `name:buildId`, where another one has taken its place; as of some seconds ago. */
  outdated(client: () => Client): string | undefined {
    const { own } = this;
    if (!own) return undefined;
    if (performance.now() - this.askedAt > FRESH_MS) {
      this.askedAt = performance.now();
      // What is not known is asked again at a later turn.
      void this.ask(client(), own).catch(() => undefined);
    }
    return this.isOutdated ? `${own.name}:${own.buildId}` : undefined;
  }

  private async ask(client: Client, { name, buildId }: Deployment): Promise<void> {
    const { namespace } = client.options;
    const request = { namespace, deploymentName: name };
    const { workerDeploymentInfo } = await client.withDeadline(Date.now() + TIMEOUT_MS, () =>
      client.workflowService.describeWorkerDeployment(request),
    );
    const { currentDeploymentVersion: current, rampingDeploymentVersion: ramping } =
      workerDeploymentInfo?.routingConfig ?? {};
    this.isOutdated = !!current?.buildId && ![current.buildId, ramping?.buildId].includes(buildId);
  }
}
