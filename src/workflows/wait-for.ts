import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { condition } from '@temporalio/workflow';

export interface WaitOptions {
  /** How long to wait at most. Default: for ever. */
  timeout?: Duration | undefined;
  /** What Temporal's UI and the trace call the wait's timer. */
  summary?: string;
}

/** Waits, durably, until the condition holds; false where it did not in time. */
export async function waitFor(
  isMet: () => boolean,
  { timeout, summary }: WaitOptions = {},
): Promise<boolean> {
  if (timeout === undefined) {
    await condition(isMet);
    return true;
  }
  // A time that is over already still has the condition looked at.
  return condition(isMet, Math.max(1, msToNumber(timeout)), summary === undefined ? {} : { summary });
}
