import type { Duration } from '@temporalio/common';
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { failure, failureOf, type FailureInfo } from './fail.js';
import { noteFailure } from './notes.js';
import { spanPath } from './span.js';

export interface ContainOptions<T> {
  /** How long the work may take; after that it is cancelled, and has failed with `TimedOut`. */
  timeout?: Duration | undefined;
  /** What holds instead of a failure: a value, or a function that makes one, such as a call of another agent. */
  fallback?: T | ((failure: FailureInfo) => T | Promise<T>);
}

/** How contained work ended. */
export type Outcome<T> =
  /** `replaced` is set where the value is the fall-back's: what failed. */
  { ok: true; value: T; replaced?: FailureInfo } | { ok: false; failure: FailureInfo };

/**
 * Keeps the failure of a piece of work from going further: it is data. Only the cancellation of the run goes through, and an
 * error that is no failure of Temporal's, which is a fault of the code.
 */
export async function contain<T>(fn: () => Promise<T>, options: ContainOptions<T> = {}): Promise<Outcome<T>> {
  const outcome = await settle(fn, options);
  if (!outcome.ok) return { ok: false, failure: outcome.failure };
  if (outcome.replaced) noteFailure('fallback', spanPath(), outcome.replaced);
  return outcome;
}

/** The same, with the error itself, for those who throw it on. */
export async function settle<T>(
  fn: () => Promise<T>,
  options: ContainOptions<T> = {},
): Promise<Outcome<T> & { error?: unknown }> {
  const around = CancellationScope.current();
  try {
    return { ok: true, value: await withinTime(fn, options.timeout) };
  } catch (error) {
    const failed = contained(error, around);
    if (!('fallback' in options) || options.fallback === undefined)
      return { ok: false, failure: failed, error };
    const { fallback } = options;
    const replacement = await settle(async () =>
      // What is a function makes the value: values themselves are JSON.
      typeof fallback === 'function' ? (fallback as (failure: FailureInfo) => T)(failed) : fallback,
    );
    return replacement.ok ? { ...replacement, replaced: failed } : replacement;
  }
}

async function withinTime<T>(fn: () => Promise<T>, timeout: Duration | undefined): Promise<T> {
  if (timeout === undefined) return fn();
  const work = new CancellationScope();
  const clock = new CancellationScope();
  const alarm = async (): Promise<never> => {
    await sleep(timeout);
    work.cancel();
    throw failure(
      'TimedOut',
      `it did not end within ${typeof timeout === 'number' ? `${timeout} ms` : timeout}`,
    );
  };
  try {
    return await Promise.race([work.run(fn), clock.run(alarm)]);
  } finally {
    clock.cancel();
  }
}

/** What an error means that stays here. @throws the error, where it is not to be contained */
function contained(error: unknown, around: CancellationScope): FailureInfo {
  if (isCancellation(error)) {
    if (around.consideredCancelled) throw error;
    return { code: 'Cancelled', message: 'it was cancelled', details: undefined };
  }
  const info = failureOf(error);
  if (!info) throw error;
  return info;
}
