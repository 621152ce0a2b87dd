import type { ApplicationFailure } from '@temporalio/common';
import type { TurnFailureDetails } from '../../agents/turn.js';
import { failure } from '../fail.js';
import { classify } from './classify.js';

/** Tries of a provider that is down before the agent goes on to its next model. */
const PROVIDER_TRIES = 3;

interface FailedCall {
  /** Counts an attempt at which the provider was down, and says how many there were. */
  countDown(): number;
  signal: AbortSignal;
  details: TurnFailureDetails;
}

/** What the turn activity throws where its model call failed; where it was cancelled, the cancellation itself. */
export function toFailure(
  error: unknown,
  { countDown, signal, details }: FailedCall,
): ApplicationFailure | Error {
  if (signal.aborted) return signal.reason instanceof Error ? signal.reason : new Error('cancelled');
  const { code, message, status, retryAfter, maybePaid } = classify(error);
  return failure(code, message, {
    details: {
      ...details,
      ...(status === undefined ? {} : { status }),
      ...(maybePaid ? { maybePaid } : {}),
    } satisfies TurnFailureDetails,
    final: code === 'ProviderDown' && countDown() >= PROVIDER_TRIES,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
