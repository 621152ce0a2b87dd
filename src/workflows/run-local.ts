import { AsyncLocalStorage } from '@temporalio/workflow';
import type { RunState } from './run-state.js';

/**
 * What holds for the code that runs now, and for what it goes on to do: an `AsyncLocalStorage` of one run. Where code runs on without
 * end and is stopped, Node leaves the values that held there behind in the thread, which other runs share.
 */
export class RunLocal<T> {
  private readonly storage = new AsyncLocalStorage<{ value: T; run: RunState | undefined }>();

  get(): T | undefined {
    const held = this.storage.getStore();
    return held && held.run === globalThis.__BATON_RUN__ ? held.value : undefined;
  }

  run<Result>(value: T, fn: () => Result): Result {
    return this.storage.run({ value, run: globalThis.__BATON_RUN__ }, fn);
  }
}
