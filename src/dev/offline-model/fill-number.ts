import type { Context } from './conversation.js';
import { amountsIn } from './entities.js';
import { weightOf } from './facts.js';
import { isNothingToCheck } from './nothing-to-check.js';
import { conforms } from './schema-check.js';
import { nearestNumber } from './smallest-value.js';
import { copiedFact, type Filled, type Slot } from './slot.js';
import { MONEY_WORDS } from './stop-words.js';
import { coverage, namedAs, stem, terms, words } from './words.js';

/** Facts that share less of their name with the slot's are about something else. */
const LEAST_LIKENESS = 0.3;
const SIMILAR_NAME = 0.6;
const SAME_NAME = 0.9;

const SCORES = new Set(
  'score scores rating confidence probability likelihood relevance similarity quality grade certainty'.split(
    ' ',
  ),
);
const CHOICES = new Set('index choice winner best chosen selected pick'.split(' '));

/**
 * A number: of a fact that is named alike, else one that stands in the text near the slot's name, else, for a
 * score, the overlap of what was found with what was asked. Of money, an amount that the user names and a record
 * confirms comes before a name that is only similar.
 */
export function fillNumber(slot: Slot): Filled {
  const integer = slot.schema.type === 'integer';
  const isMoney = namedAs(slot.name, MONEY_WORDS);
  const fits = (value: unknown): value is number =>
    typeof value === 'number' && conforms(value, slot.schema, slot.root);
  const first = (values: readonly number[]) => values.find(fits);
  const copy = (likeness: number, name = slot.name) =>
    copiedFact({ ...slot, name }, likeness, ({ value }) => typeof value !== 'boolean');

  const copied = copy(SAME_NAME);
  if (copied) return copied;
  if (isMoney) {
    const confirmed = first(confirmedAmounts(slot.context));
    if (confirmed !== undefined) return { value: confirmed, found: true };
    // Of several amounts in a record, the sum of them is the likeliest to be meant.
    const total = copy(SIMILAR_NAME, `${slot.name} total`);
    if (total) return total;
  }
  const similar = copy(LEAST_LIKENESS);
  if (similar) return similar;
  if (integer && namedAs(slot.name, CHOICES)) {
    const chosen = mostRelevantElement(slot.context);
    if (fits(chosen)) return { value: chosen, found: true };
  }
  const written =
    first(amountsNear(slot, isMoney)) ?? (isMoney ? first(moneyFacts(slot.context)) : undefined);
  if (written !== undefined) return { value: written, found: true };
  if (namedAs(slot.name, SCORES)) return { value: scoreOf(slot, integer), found: true };
  return { value: nearestNumber(0, slot.schema, integer), found: false };
}

/** Amounts of money in the user's text that are also in a record that was looked up. */
function confirmedAmounts({ userText, facts }: Context): number[] {
  const recorded = new Set(facts.filter(({ source }) => source === 'tool').map(({ value }) => value));
  return amountsIn(userText).flatMap(({ money, value }) => (money && recorded.has(value) ? [value] : []));
}

/** Amounts that stand near the slot's name; of money, any that the user names. */
function amountsNear({ name, context }: Slot, isMoney: boolean): number[] {
  const wanted = new Set(words(name).map(stem));
  const said = amountsIn(context.userText);
  const near = [...said, ...amountsIn(context.foundText)].filter(
    (amount) => amount.near.some((term) => wanted.has(term)) && (!isMoney || amount.money),
  );
  return [...near, ...said.filter(({ money }) => isMoney && money)].map(({ value }) => value);
}

/** Numbers whose own name is about money, those of the record that is asked about first. */
function moneyFacts({ facts, question }: Context): number[] {
  return facts
    .filter(({ path, value }) => typeof value === 'number' && namedAs(path.at(-1) ?? '', MONEY_WORDS))
    .map(({ value, record }) => ({ value: Number(value), relevance: weightOf(record.terms, question) }))
    .sort((a, b) => b.relevance - a.relevance)
    .map(({ value }) => value);
}

/** What a score is where nothing was found to measure it by: nothing speaks against the text. */
const UNMEASURED = 0.8;

/**
 * Beside a label, how sure its choice is. Else nothing for an empty text. Otherwise never in the lower half, for the same reason; above that, by how much of
 * what was asked the answer is about.
 */
function scoreOf({ schema, context, certainty }: Slot, integer: boolean): number {
  const { passages, asked } = context;
  const low = schema.minimum ?? 0;
  const high = schema.maximum ?? (integer ? 10 : 1);
  // Integers without bounds come with the bounds of their type.
  const span = Math.min(high, 1_000) - Math.max(low, 0);
  const scored = (share: number) =>
    nearestNumber(Math.round((Math.max(low, 0) + span * share) * 100) / 100, schema, integer);
  if (certainty !== undefined) return scored(certainty);
  const own = passages.filter(({ source }) => source === 'item');
  const pool = own.length > 0 ? own : passages.filter(({ source }) => source !== 'user');
  const covered = coverage(asked, new Set(pool.flatMap(({ terms }) => terms)));
  const measured = pool.length === 0 ? UNMEASURED : 0.5 + 0.5 * covered;
  return scored(isNothingToCheck(context) ? 0 : measured);
}

/** The place of the list element, in the user's input, that has most to do with the question. */
function mostRelevantElement({ input, facts, question }: Context): number | undefined {
  const list = [...input, ...facts.filter(({ source }) => source === 'user').map(({ value }) => value)].find(
    (value): value is unknown[] => Array.isArray(value) && value.length > 1,
  );
  if (!list) return undefined;
  const scores = list.map((element) => coverage(question.keys(), new Set(terms(JSON.stringify(element)))));
  return scores.indexOf(Math.max(...scores));
}
