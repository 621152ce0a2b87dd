import { ApplicationFailure } from '@temporalio/common';
import type { Duration } from '@temporalio/common';
import { FAILURES, type FailureCode } from '../agents/failures.js';

interface FailOptions {
  /** For the workflow, such as `TurnFailureDetails`. */
  details?: unknown;
  /** Ends the retries of a failure that the table calls retryable. */
  final?: boolean;
  /** Replaces Temporal's back-off before the next attempt. */
  retryAfter?: Duration;
  cause?: unknown;
}

/** A failure of the table, as Temporal carries it: its type is the code. */
export function failure(code: FailureCode, message: string, options: FailOptions = {}): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: options.final === true || !FAILURES[code].retryable,
    ...(options.details === undefined ? {} : { details: [options.details] }),
    ...(options.retryAfter === undefined ? {} : { nextRetryDelay: options.retryAfter }),
    ...(options.cause instanceof Error ? { cause: options.cause } : {}),
  });
}
