import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** So many worker processes: one that is killed is replaced at once. */
export class WorkerPool {
  /** Workers that ended though nobody had killed them. */
  readonly lost: string[] = [];
  /** How long the last worker took to load, in ms. */
  loadMs = 0;
  private readonly running = new Map<number, ChildProcess>();
  private isOver = false;

  constructor(
    size: number,
    private readonly env: Record<string, string>,
  ) {
    for (let i = 0; i < size; i++) this.start();
  }

  pids(): number[] {
    return [...this.running.keys()];
  }

  kill(pid: number): boolean {
    const worker = this.running.get(pid);
    if (!worker?.kill('SIGKILL')) return false;
    this.running.delete(pid);
    this.start();
    return true;
  }

  async stop(): Promise<void> {
    this.isOver = true;
    const ended = [...this.running.values()].map((worker) => once(worker, 'exit'));
    for (const worker of this.running.values()) worker.kill('SIGKILL');
    await Promise.all(ended);
  }

  private start(): void {
    const begun = Date.now();
    const worker = fork(WORKER, {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const { pid } = worker;
    if (pid === undefined) throw new Error('a worker did not start');
    this.running.set(pid, worker);
    worker.once('message', () => (this.loadMs = Date.now() - begun));
    worker.once('exit', (code, signal) => {
      if (!this.running.delete(pid) || this.isOver) return;
      this.lost.push(`worker ${pid} ended by itself: ${signal ?? code}`);
      this.start();
    });
  }
}
