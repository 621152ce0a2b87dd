import type { ApplicationFailure } from '@temporalio/common';
import type { TurnFailureDetails } from '../../agents/turn.js';
import { failure } from '../fail.js';
import { classify } from './classify.js';

/** Tries of a provider that is down before the agent goes on to its next model. */
const PROVIDER_TRIES = 3;

interface FailedCall {
  /** Number of the activity's attempt. */
  attempt: number;
  signal: AbortSignal;
  details: TurnFailureDetails;
}

/** What the turn activity throws where its model call failed; where it was cancelled, the cancellation itself. */
export function toFailure(
  error: unknown,
  { attempt, signal, details }: FailedCall,
): ApplicationFailure | Error {
  if (signal.aborted) return signal.reason instanceof Error ? signal.reason : new Error('cancelled');
  const { code, message, status, retryAfter } = classify(error);
  return failure(code, message, {
    details: { ...details, ...(status === undefined ? {} : { status }) },
    final: code === 'ProviderDown' && attempt >= PROVIDER_TRIES,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
