import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import type { Baton } from '../../src/client.js';
import {
  bundleWorkflows,
  createWorker,
  type BatonPluginOptions,
  type BatonWorkerOptions,
} from '../../src/worker.js';
import { testServer } from './server.js';

export interface FleetWorker {
  /** A client; its runs go to this worker. */
  baton: Baton;
  stop(): Promise<void>;
}

/** Workers of one application, each with a connection and a task queue of its own, so that a test says which one takes a turn. */
export class Fleet {
  private readonly workers = new Set<FleetWorker>();
  private bundle: ReturnType<typeof bundleWorkflows> | undefined;

  /** @param workflows module with the orchestrations */
  constructor(
    private readonly workflows: URL,
    private readonly options: () => Promise<BatonPluginOptions> | BatonPluginOptions,
  ) {}

  async worker(
    more: Partial<BatonPluginOptions> = {},
    {
      taskQueue = `fleet-${randomUUID()}`,
      worker: settings = {},
    }: Pick<BatonWorkerOptions, 'taskQueue' | 'worker'> = {},
  ): Promise<FleetWorker> {
    const server = await testServer();
    const connection = await NativeConnection.connect({ address: server.address });
    this.bundle ??= bundleWorkflows(fileURLToPath(this.workflows));
    const worker = await createWorker({
      ...(await this.options()),
      ...more,
      workflowBundle: await this.bundle,
      connection,
      taskQueue,
      worker: settings,
    });
    const running = worker.run();
    const baton = await server.connect(taskQueue);
    const one = {
      baton,
      stop: async () => {
        this.workers.delete(one);
        worker.shutdown();
        await running;
        await baton.close();
        await connection.close();
      },
    };
    this.workers.add(one);
    return one;
  }

  /** To be called in an `afterAll`. */
  async stop(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.stop()));
  }
}
