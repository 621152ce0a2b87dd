import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';

/** Whether it is a number of milliseconds, or a text such as `10 seconds`. */
export function isTime(value: unknown): value is Duration {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0;
  // A bare number as text would be milliseconds, where people who write one mean seconds.
  if (typeof value !== 'string' || /^[\d.]+$/.test(value.trim())) return false;
  try {
    return msToNumber(value as Duration) >= 0;
  } catch {
    return false;
  }
}

/** The same, of some length. */
export function isPositiveTime(value: unknown): value is Duration {
  return isTime(value) && msToNumber(value) > 0;
}
