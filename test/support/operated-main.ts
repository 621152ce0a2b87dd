/** An application's own main with `runWorker`, for tests that stop it. Its options are JSON in the environment. */
import { runWorker, type BatonWorkerOptions } from '../../src/worker.js';

const { agents, ...options } = JSON.parse(process.env.BATON_TEST_WORKER ?? '') as Omit<
  BatonWorkerOptions,
  'agents'
> & { agents: string };
await runWorker({ agents: (await import(agents)) as Record<string, unknown>, ...options });
process.stdout.write('main ended\n');
