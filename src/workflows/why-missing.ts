import type { Missing } from './gather.js';

/** What is missing and why, in a line for a failure's message. */
export function whyMissing(missing: readonly Missing[]): string {
  return missing.map(({ name, code, message }) => `${name}: ${code}: ${message}`).join('; ');
}
