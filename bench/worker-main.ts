import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createWorker } from 'batonjs/worker';
import * as agents from './placement/agents.js';
import * as bare from './turns/bare-activities.js';

export interface WorkerJob {
  /** `bare`: Temporal's SDK alone, with its own defaults. */
  kind: 'bare' | 'baton';
  address: string;
  modelUrl: string;
  taskQueue: string;
  /** Path of the workflow bundle. */
  bundle: string;
  options?: Pick<WorkerOptions, 'maxCachedWorkflows'>;
}

/** What runs say that are held open. */
export interface Arrivals {
  arrived(): Promise<void>;
}

export interface WorkerStatus {
  /** Resident bytes, after a collection of the main thread's garbage. */
  rss: number;
  cachedWorkflows: number;
  arrived: number;
}

/** Says `ready`, answers `status` with a `WorkerStatus`, and goes at `stop`. */
export async function work(job: WorkerJob): Promise<void> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR' } },
  });
  // The benchmark was broken off.
  process.on('disconnect', () => process.exit(1));
  const connection = await NativeConnection.connect({ address: job.address });
  let arrived = 0;
  const arrivals: Arrivals = {
    arrived: async () => {
      arrived++;
    },
  };
  const worker = await create(job, connection, { ...bare, ...arrivals });
  const running = worker.run();
  process.on('message', (message) => {
    if (message === 'stop') worker.shutdown();
    if (message !== 'status') return;
    // Twice: what finalizers let go goes at the second time.
    globalThis.gc?.();
    globalThis.gc?.();
    const { numCachedWorkflows: cachedWorkflows } = worker.getStatus();
    process.send?.({ rss: process.memoryUsage.rss(), cachedWorkflows, arrived } satisfies WorkerStatus);
  });
  process.send?.('ready');
  await running;
  await connection.close();
  process.exit(0);
}

function create(job: WorkerJob, connection: NativeConnection, activities: object): Promise<Worker> {
  const { kind, modelUrl, taskQueue, bundle, options } = job;
  const workflowBundle = { codePath: bundle };
  if (kind === 'bare')
    return Worker.create({ connection, taskQueue, workflowBundle, activities, ...options });
  return createWorker({
    agents,
    models: { bench: { model: 'bench', baseUrl: modelUrl } },
    connection,
    taskQueue,
    workflowBundle,
    worker: { ...options, activities },
  });
}
