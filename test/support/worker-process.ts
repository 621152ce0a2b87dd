import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import type { Models } from '../../src/agents/models.js';
import type { CircuitOptions } from '../../src/worker.js';

export interface WorkerProcessSettings {
  address: string;
  taskQueue: string;
  /** File with the workflow bundle's code. */
  bundle: string;
  /** Module of agents and tools. */
  agents: string;
  models: Models;
  cacheBytes?: number;
  circuits?: CircuitOptions;
  worker?: Pick<
    WorkerOptions,
    'maxCachedWorkflows' | 'maxConcurrentActivityTaskExecutions' | 'maxConcurrentWorkflowTaskPolls'
  >;
}

export interface WorkerProcess {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Kills it and waits until it is gone. */
  end(): Promise<void>;
}

const started = new Set<ChildProcess>();

/** Starts a worker process and waits until it polls. */
export async function startWorkerProcess(
  settings: WorkerProcessSettings,
  env: NodeJS.ProcessEnv = {},
): Promise<WorkerProcess> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./worker-main.ts', import.meta.url))],
    {
      env: { ...process.env, ...env, NODE_OPTIONS: '', BATON_TEST_WORKER: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  started.add(child);
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the worker ended with ${String(code)}`))),
  ]);
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});
