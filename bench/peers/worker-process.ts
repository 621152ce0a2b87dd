import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job } from './job.js';
import type { FromWorker, ToWorker, Verb } from './serve.js';

export interface WorkerModule {
  module: URL;
  env: Record<string, string>;
}

interface ToolCall {
  run: string;
  turn: number;
  at: number;
}

/** The process in which a contender's agents run. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, { resolve(): void; reject(error: Error): void }>();
  readonly #toolCalls: ToolCall[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #exited: Promise<unknown>;
  #count = 0;
  #ready = false;

  private constructor({ module, env }: WorkerModule) {
    this.#child = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), [module.href], {
      execArgv: [],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#exited = once(this.#child, 'exit');
    this.#child.on('message', (message: FromWorker) => {
      if (message.kind === 'tool') this.#toolCalls.push({ ...message, at: performance.now() });
      if (message.kind === 'ready') this.#ready = true;
      for (const listener of [...this.#listeners]) listener();
      if (message.kind !== 'answer') return;
      const asked = this.#asked.get(message.id);
      this.#asked.delete(message.id);
      if (message.failure === undefined) asked?.resolve();
      else asked?.reject(new Error(message.failure));
    });
    void this.#exited.then(() => {
      for (const { reject } of this.#asked.values()) reject(new Error('the worker has ended'));
    });
  }

  static async start(module: WorkerModule): Promise<WorkerProcess> {
    const worker = new WorkerProcess(module);
    await Promise.race([
      worker.#until(() => worker.#ready || undefined),
      worker.#exited.then(() => {
        const { exitCode, signalCode } = worker.#child;
        throw new Error(
          `${fileURLToPath(module.module)} ended before it was ready (${signalCode ?? exitCode ?? ''})`,
        );
      }),
    ]);
    return worker;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when the run has ended, and rejects where it failed or this process is gone. */
  ask(verb: Verb, job: Job): Promise<void> {
    const id = this.#count++;
    return new Promise<void>((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#child.send({ id, verb, job } satisfies ToWorker, (error) => error && reject(error));
    });
  }

  /** The same, which gives up and rejects after so long. */
  askFor(ms: number, verb: Verb, job: Job): Promise<void> {
    const late = sleep(ms, undefined, { ref: false }).then(() => {
      throw new Error(`not ended after ${Math.round(ms / 1000)} s`);
    });
    return Promise.race([this.ask(verb, job), late]);
  }

  /** The first call of the tool that this process made for the run, in this turn or in any: when, by `performance.now()`. */
  toolCall(run: string, turn?: number): Promise<number> {
    return this.#until(
      () =>
        this.#toolCalls.find((call) => call.run === run && (turn === undefined || call.turn === turn))?.at,
    );
  }

  #until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const listener = () => {
        const found = look();
        if (found === undefined) return;
        this.#listeners.delete(listener);
        resolve(found);
      };
      this.#listeners.add(listener);
      listener();
    });
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
