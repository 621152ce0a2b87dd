import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import type { Baton } from '../../src/client.js';
import { bundleWorkflows, createWorker, type BatonPluginOptions } from '../../src/worker.js';
import { eventually } from './worker-stage.js';
import { testServer } from './server.js';

type Bundle = ReturnType<typeof bundleWorkflows>;

/** An application with several builds, whose workers share a task queue of their own. */
export class Application {
  readonly name = `app-${randomUUID().slice(0, 8)}`;
  private readonly stops = new Set<() => Promise<void>>();

  private constructor(
    readonly baton: Baton,
    readonly address: string,
    private readonly bundles: Readonly<Record<string, Bundle>>,
    private readonly options: (build: string) => BatonPluginOptions,
  ) {}

  static async open(
    bundles: Readonly<Record<string, Bundle>>,
    options: (build: string) => BatonPluginOptions,
  ): Promise<Application> {
    const { address, connect } = await testServer();
    return new Application(await connect(`deploy-${randomUUID()}`), address, bundles, options);
  }

  /** Starts a worker of a build. @returns what stops it */
  async work(buildId: string): Promise<() => Promise<void>> {
    const connection = await NativeConnection.connect({ address: this.address });
    const bundle = await this.bundles[buildId];
    if (!bundle) throw new Error(buildId);
    const worker = await createWorker({
      ...this.options(buildId),
      circuits: false,
      workflowBundle: bundle,
      connection,
      taskQueue: this.baton.taskQueue,
      deployment: { name: this.name, buildId },
    });
    const running = worker.run();
    const stop = async () => {
      this.stops.delete(stop);
      worker.shutdown();
      await running;
      await connection.close();
    };
    this.stops.add(stop);
    return stop;
  }

  /** New work goes to this build from now on. The server must have heard of its workers. */
  async setCurrent(buildId: string): Promise<void> {
    const { workflowService: service, options } = this.baton.client;
    const request = { namespace: options.namespace, deploymentName: this.name, buildId };
    await eventually(
      () =>
        service.setWorkerDeploymentCurrentVersion(request).then(
          () => true,
          () => false,
        ),
      `${this.name} at ${buildId}`,
    );
  }

  /** The builds of a run's workflow tasks, oldest first, over all its runs; each as often as it changed. */
  async buildsOf(workflowId: string): Promise<string[]> {
    const { runIds } = await this.baton.run(workflowId).trace();
    const builds: string[] = [];
    for (const runId of runIds) {
      const { events } = await this.baton.client.workflow.getHandle(workflowId, runId).fetchHistory();
      for (const { workflowTaskCompletedEventAttributes: task } of events ?? []) {
        const build = task?.deploymentVersion?.buildId;
        if (build && builds.at(-1) !== build) builds.push(build);
      }
    }
    return builds;
  }

  async close(): Promise<void> {
    await Promise.all([...this.stops].map((stop) => stop()));
    await this.baton.close();
  }
}

export function bundleOf(fixture: string): Bundle {
  return bundleWorkflows(fileURLToPath(new URL(`../workflow/fixtures/${fixture}`, import.meta.url)));
}
