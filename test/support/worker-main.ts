/** A worker in a process of its own, for tests that kill it. Its settings are JSON in the environment. */
import { NativeConnection, Runtime, DefaultLogger } from '@temporalio/worker';
import { createWorker } from '../../src/worker.js';
import type { WorkerProcessSettings } from './worker-process.js';

const settings = JSON.parse(process.env.BATON_TEST_WORKER ?? '') as WorkerProcessSettings;
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address: settings.address });
const worker = await createWorker({
  agents: (await import(settings.agents)) as Record<string, unknown>,
  models: settings.models,
  workflowBundle: { codePath: settings.bundle },
  connection,
  taskQueue: settings.taskQueue,
  ...(settings.cacheBytes === undefined ? {} : { cacheBytes: settings.cacheBytes }),
  ...(settings.circuits === undefined ? {} : { circuits: settings.circuits }),
  worker: settings.worker ?? {},
});
const running = worker.run();
process.stdout.write('ready\n');
await running;
await connection.close();
