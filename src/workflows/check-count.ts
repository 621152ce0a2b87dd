import { failure } from './fail.js';

/** An option that counts something. @throws ConfigInvalid where it is no whole number, or less than `least` */
export function checkCount(name: string, value: number | undefined, least = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= least)) return;
  throw failure('ConfigInvalid', `${name}: ${value}; give a whole number, ${least} or more`);
}
