import { msToNumber } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import { BatonError } from '../../agents/failures.js';
import { isPositiveTime } from '../../agents/is-time.js';

/** Milliseconds, or a text such as `10 seconds`. */
const Duration = z.union([z.number().positive(), z.string().min(1)]);

/** When a model is left alone, and for how long. */
export const CircuitOptions = z.strictObject({
  /** Failures in a row after which a worker opens the circuit of a model. Default 5. */
  failures: z.number().int().positive().optional(),
  /** Time within which these must come. Default 30 seconds. */
  within: Duration.optional(),
  /** How long the model is left alone before the first trial; doubled by each that fails. Default 10 seconds. */
  coolDown: Duration.optional(),
  /** What that grows to at most. Default 2 minutes. */
  longestCoolDown: Duration.optional(),
});
export type CircuitOptions = z.infer<typeof CircuitOptions>;

/** The same resolved; times in milliseconds. */
export interface CircuitSettings {
  failures: number;
  within: number;
  coolDown: number;
  longest: number;
}

/** @throws BatonError `ConfigInvalid` */
export function circuitSettings(given: CircuitOptions | false = {}): CircuitSettings | undefined {
  if (given === false) return undefined;
  const parsed = CircuitOptions.safeParse(given);
  if (!parsed.success) throw new BatonError('ConfigInvalid', `circuits: ${z.prettifyError(parsed.error)}`);
  const { failures = 5, within = '30 seconds', coolDown = '10 seconds' } = parsed.data;
  const { longestCoolDown = '2 minutes' } = parsed.data;
  return {
    failures,
    within: milliseconds('within', within),
    coolDown: milliseconds('coolDown', coolDown),
    longest: Math.max(milliseconds('longestCoolDown', longestCoolDown), milliseconds('coolDown', coolDown)),
  };
}

function milliseconds(option: string, duration: string | number): number {
  if (isPositiveTime(duration)) return msToNumber(duration);
  throw new BatonError('ConfigInvalid', `circuits.${option}: "${duration}" is no time such as "10 seconds"`);
}
