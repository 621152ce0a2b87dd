import { isNothingToCheck } from './nothing-to-check.js';
import { copiedFact, type Filled, type Slot } from './slot.js';
import { APPROVAL_WORDS } from './stop-words.js';
import { stem, terms, words } from './words.js';

const LEAST_LIKENESS = 0.45;
/** So many terms of a description must be in the text before it counts as said. */
const DESCRIPTION_TERMS = 2;

/** Words of a yes-or-no name that are not what it is about. */
const AUXILIARIES = new Set(
  'is are was has have had need needs needed require requires required should can will contain contains include includes mention mentions ask asks want wants wanted user'.split(
    ' ',
  ),
);

/**
 * Yes or no: a fact that is named alike; for an approval, yes, unless there is nothing to approve; else whether
 * the user's text says what the name or the description says, and doesn't deny it.
 */
export function fillBoolean(slot: Slot): Filled {
  const copied = copiedFact(slot, LEAST_LIKENESS, ({ value }) => typeof value === 'boolean');
  if (copied) return copied;
  const subject = words(slot.name).filter((word) => !AUXILIARIES.has(word));
  if (subject.length > 0 && subject.every((word) => APPROVAL_WORDS.has(word))) {
    return { value: !isNothingToCheck(slot.context), found: true };
  }
  const { affirmed } = slot.context;
  const described = new Set(terms(slot.description).filter((term) => affirmed.has(term)));
  const said = subject.some((word) => affirmed.has(stem(word))) || described.size >= DESCRIPTION_TERMS;
  return { value: said, found: said };
}
