import { msToNumber } from '@temporalio/common/lib/time.js';
import { InvalidArgumentError } from 'commander';
import { isTime } from '../agents/is-time.js';
import { RunPriority } from '../client/priority.js';

/** A port, 0 to 65535. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number up to 65535.');
  return port;
}

/** A number above zero. */
export function parseAmount(text: string): number {
  const amount = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !Number.isFinite(amount) || amount <= 0)
    throw new InvalidArgumentError('It is a number above 0.');
  return amount;
}

/** A whole number above zero. */
export function parseCount(text: string): number {
  const count = parseAmount(text);
  if (!Number.isInteger(count)) throw new InvalidArgumentError('It is a whole number.');
  return count;
}

/** `interactive`, `batch`, or a number from 1 to 5. */
export function parsePriority(text: string): RunPriority {
  const priority = RunPriority.safeParse(/^\d$/.test(text) ? Number(text) : text);
  if (!priority.success)
    throw new InvalidArgumentError('It is interactive, batch, or a number from 1 (first) to 5.');
  return priority.data;
}

/** A length of time, such as `90 s` or `1h`, in milliseconds. */
export function parseDuration(text: string): number {
  if (isTime(text)) return msToNumber(text);
  throw new InvalidArgumentError('It is a length of time, such as 30m, 1h or 2d.');
}

/** A number above zero, or `none`. */
export function parseRate(text: string): number | 'none' {
  return text === 'none' ? text : parseAmount(text);
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
