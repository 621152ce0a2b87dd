import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorkerJob, WorkerStatus } from './worker-main.js';

export interface WorkerProcess {
  pid: number;
  status(): Promise<WorkerStatus>;
  stop(): Promise<void>;
}

/** Starts a worker in a process of its own, and resolves when it asks for work. */
export async function startWorkerProcess(job: WorkerJob): Promise<WorkerProcess> {
  const child = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), [JSON.stringify(job)], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, OPENAI_BASE_URL: job.modelUrl },
  });
  const { pid } = child;
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`a worker of the benchmark has ended (${String(code)})`);
  });
  gone.catch(() => undefined);
  const answer = () => Promise.race([once(child, 'message'), gone]);
  await answer();
  if (pid === undefined) throw new Error('the worker has no process');
  return {
    pid,
    async status() {
      child.send('status');
      const [status] = (await answer()) as [WorkerStatus];
      return status;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.send('stop');
      await exit;
    },
  };
}
