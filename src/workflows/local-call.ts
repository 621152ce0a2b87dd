import type { Duration } from '@temporalio/common';
import { ActivityFailure, proxyLocalActivities, sleep, TimeoutFailure } from '@temporalio/workflow';
import type { LocalDeclined, LocalOutcome } from '../agents/local-call.js';
import { failure, failureOf } from './fail.js';
import { runState } from './run-state.js';

export interface LocalCall {
  /** Activity type. */
  activity: string;
  args: unknown[];
  timeout: Duration;
  summary: string;
}

/**
 * Makes a call as a local activity, once. What another attempt may mend is no failure here: it is declined. (No `async`: the SDK
 * notes the stack of every promise, which costs as much as all else that happens here.)
 */
export function callLocally<Result>({
  activity,
  args,
  timeout,
  summary,
}: LocalCall): Promise<LocalOutcome<Result>> {
  const activities = proxyLocalActivities<
    Record<string, (...args: unknown[]) => Promise<LocalOutcome<Result>>>
  >({ startToCloseTimeout: timeout, retry: { maximumAttempts: 1 }, summary });
  const call = activities[activity];
  if (!call) throw failure('ToolUnknown', activity);
  return call(...args).then(
    (outcome) => {
      if ('ms' in outcome) runState().local.took(outcome.ms);
      return outcome;
    },
    (error: unknown) => ({ kind: 'baton_declined', declined: reasonToDecline(error, timeout) }),
  );
}

/** @throws the error, where an ordinary activity would meet it too */
function reasonToDecline(error: unknown, timeout: Duration): string {
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)
    return `it took longer than ${typeof timeout === 'number' ? `${timeout} ms` : timeout}`;
  const info = failureOf(error);
  // A worker that was deployed before the tool: others of the queue may have it.
  if (info?.code === 'ToolUnknown') return info.message;
  throw error;
}

/** Waits as long as a declined call asks for. A timer: it ends the workflow task, and what was done before is recorded. */
export async function waitAsAsked({ declined, wait = 0 }: LocalDeclined, what: string): Promise<void> {
  if (wait === 0) return;
  await sleep(wait, { summary: `${what} again after ${declined}`.slice(0, 200) });
}
