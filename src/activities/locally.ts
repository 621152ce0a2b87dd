import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import type { FailureCode } from '../agents/failures.js';
import type { LocalDeclined, LocalOutcome, LocalRecord } from '../agents/local-call.js';
import type { TranscriptFetcher } from './transcript-fetcher.js';

/** Results of local activities go to the server together, in one message of at most 4 MB, twenty at most (local-work.ts). */
const MAX_RESULT_BYTES = 150_000;
/** Temporal's first back-off. */
const DEFAULT_WAIT_MS = 1_000;
/** Failures that another worker may not have: there is nothing to wait for. */
const ELSEWHERE: readonly string[] = ['AgentUnknown', 'VersionUnavailable'] satisfies FailureCode[];

class NotAtHand extends Error {}

/**
 * Reads nothing from the run: a local activity that asked its own workflow would wait for the workflow task that waits for it.
 */
export const NO_FETCHER: Pick<TranscriptFetcher, 'fetch'> = {
  fetch: () => Promise.reject(new NotAtHand('the worker does not have the transcript at hand')),
};

/**
 * An activity that may be scheduled as a local one too. There it has one attempt, and where another may mend what went wrong it
 * says so instead of failing: retries are left to an ordinary activity, so that the workflow task does not wait for them.
 * @param inputOf what of the arguments the history would lack
 * @param local what is done locally, where that differs
 */
export function placeable<Args extends unknown[], Result>(
  ordinary: (...args: Args) => Promise<Result>,
  inputOf: (...args: Args) => unknown[],
  local = ordinary,
) {
  return (...args: Args): Promise<Result | LocalOutcome<Result>> =>
    Context.current().info.isLocal ? locally(inputOf(...args), () => local(...args)) : ordinary(...args);
}

async function locally<Result>(input: unknown[], work: () => Promise<Result>): Promise<LocalOutcome<Result>> {
  const began = Date.now();
  // The arguments came as JSON.
  const record = () => ({ input: input as LocalRecord['input'], ms: Date.now() - began });
  try {
    const outcome = { result: await work(), ...record() };
    if (Buffer.byteLength(JSON.stringify(outcome)) <= MAX_RESULT_BYTES) return outcome;
    return declined(`its result has more than ${MAX_RESULT_BYTES} bytes`);
  } catch (error) {
    if (error instanceof NotAtHand) return declined(error.message, { missing: true });
    if (error instanceof CancelledFailure) throw new CancelledFailure(error.message, [null, record()]);
    if (!(error instanceof ApplicationFailure)) return declined(String(error), { wait: DEFAULT_WAIT_MS });
    const { message, type, nonRetryable, nextRetryDelay, details, cause } = error;
    if (nonRetryable) {
      const recorded = [details?.[0] ?? null, record()];
      throw ApplicationFailure.create({
        message,
        ...(type ? { type } : {}),
        nonRetryable,
        details: recorded,
        ...(cause ? { cause } : {}),
      });
    }
    const wait = nextRetryDelay === undefined ? DEFAULT_WAIT_MS : msToNumber(nextRetryDelay);
    return declined(`${type ?? 'Error'}: ${message}`, ELSEWHERE.includes(type ?? '') ? {} : { wait });
  }
}

function declined(reason: string, more: Pick<LocalDeclined, 'wait' | 'missing'> = {}): LocalDeclined {
  return { kind: 'baton_declined', declined: reason, ...more };
}
