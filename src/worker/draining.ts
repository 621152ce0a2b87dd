import { setMaxListeners } from 'node:events';
import type { Worker } from '@temporalio/worker';

/**
 * Whether the workers of a plugin are being stopped. Temporal cancels ordinary activities when the grace time is over, but not local
 * ones, for which a worker would wait as long as they take: they are ended by this.
 */
export class Draining {
  private readonly running = new Set<Worker>();
  private readonly over = new AbortController();
  private begun = false;

  constructor() {
    // Each local activity under way listens; Node would take more than ten for a leak, and warn.
    setMaxListeners(0, this.over.signal);
  }

  /** Set from when the last worker was told to stop. */
  get isBegun(): boolean {
    return this.begun;
  }

  /** Aborted when the grace time is over. */
  get graceOver(): AbortSignal {
    return this.over.signal;
  }

  /** To be called when a worker begins to run. */
  watch(worker: Worker): void {
    this.running.add(worker);
    onShutdown(worker, () => {
      this.running.delete(worker);
      if (this.running.size === 0) this.begin(worker.options.shutdownGraceTimeMs);
    });
  }

  private begin(graceMs: number): void {
    if (this.begun) return;
    this.begun = true;
    setTimeout(() => this.over.abort(), graceMs).unref();
  }
}

/** Has `begin` called right before the worker is stopped. */
export function onShutdown(worker: Worker, begin: () => void): void {
  const shutdown = worker.shutdown.bind(worker);
  // Whoever stops a worker calls this, Temporal's own handler of signals too; it tells nobody else.
  worker.shutdown = () => {
    begin();
    shutdown();
  };
}
