import type { Context } from './conversation.js';
import { words } from './words.js';

const CHECKED_TEXT = new Set(
  'text draft answer reply response content body output message document'.split(' '),
);

/** Whether the text that a reviewer was given is empty. */
export function isNothingToCheck({ facts, userText, foundText }: Context): boolean {
  if (!/[\p{L}\p{N}]/u.test(userText + foundText)) return true;
  return facts.some(
    ({ path, value, source }) =>
      source === 'user' && value === '' && words(path.at(-1) ?? '').some((word) => CHECKED_TEXT.has(word)),
  );
}
