import type { Context } from './conversation.js';
import { identifiersIn } from './entities.js';
import { extract } from './extractor.js';
import { chooseGiven } from './given-choices.js';
import type { JsonSchema } from './json-schema.js';
import {
  ANSWERS,
  endsIn,
  IDENTIFIERS,
  PROSE,
  QUERIES,
  QUOTES,
  REASONS,
  SUMMARIES,
  TITLES,
} from './name-kinds.js';
import { recognise } from './recognise.js';
import { conforms } from './schema-check.js';
import { smallestValue } from './smallest-value.js';
import { copiedFact, type Filled, type Slot } from './slot.js';
import { terms, words } from './words.js';

/** Values whose names have half of their words in common are taken for the same. */
const LEAST_LIKENESS = 0.45;
const QUERY_WORDS = 8;
const TITLE_WORDS = 8;

/**
 * A text: one of the labels that are given for it; a fact that is named alike; what its name or format says that it is (e-mail, date, identifier, name,
 * ...), found in the conversation; a search query out of the user's words; else the sentences that answer.
 */
export function fillString(slot: Slot): Filled {
  const chosen = chooseGiven(slot);
  if (chosen) return chosen;
  const isProse = endsIn(slot.name, PROSE);
  const copied = copiedFact(
    slot,
    LEAST_LIKENESS,
    ({ source, value }) => value !== '' && (!isProse || source === 'item'),
  );
  if (copied) return copied;
  const found = recognise(slot).find((text) => conforms(text, slot.schema, slot.root));
  if (found !== undefined) return { value: found, found: true };
  if (isStrict(slot)) return guess(slot);

  const text = fitLength(endsIn(slot.name, QUERIES) ? queryFor(slot) : proseFor(slot), slot.schema);
  return text && conforms(text, slot.schema, slot.root)
    ? { value: text, found: isProse || endsIn(slot.name, TITLES) || endsIn(slot.name, QUERIES) }
    : guess(slot);
}

/** Whether the sentences of a conversation can't be the answer. */
function isStrict({ name, schema }: Slot): boolean {
  return schema.format !== undefined || schema.pattern !== undefined || endsIn(name, IDENTIFIERS);
}

function queryFor({ context }: Slot): string {
  const seen = new Set<string>();
  const query: string[] = [];
  for (const word of context.userText.split(/\s+/)) {
    const bare = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    const [term] = terms(bare);
    if (term === undefined || seen.has(term) || !context.question.has(term) || isReference(bare)) continue;
    seen.add(term);
    query.push(bare);
  }
  return query.slice(0, QUERY_WORDS).join(' ');
}

/** Addresses and identifiers lead a search astray. */
function isReference(word: string): boolean {
  return word.includes('@') || identifiersIn(word).length > 0;
}

function proseFor(slot: Slot): string {
  const { name, description, optional, context } = slot;
  if (endsIn(name, QUOTES)) return quoteFor(context);
  const isAnswer = endsIn(name, ANSWERS);
  const about = optional && !isAnswer ? { about: `${name} ${description}` } : {};
  const limit = endsIn(name, TITLES) || endsIn(name, REASONS) ? 1 : endsIn(name, SUMMARIES) ? 2 : 3;
  const chosen = extract(context, { limit, onlyRelevant: optional, ...about });
  const text = chosen.join(' ');
  return endsIn(name, TITLES) ? clip(text, TITLE_WORDS) : text;
}

/** The one sentence that has most to do with what was asked: several, or a heading, would not stand there word for word. */
function quoteFor({ asked, passages, ...context }: Context): string {
  const own = passages.filter(({ source }) => source === 'item');
  const pool = own.length > 0 ? own : passages;
  const whole = pool.filter(({ form }) => form === 'sentence');
  const question = new Map([...asked].map((term) => [term, 1]));
  return extract(
    { ...context, asked, question, passages: whole.length > 0 ? whole : pool },
    { limit: 1 },
  ).join('');
}

function clip(text: string, count: number): string {
  return text
    .split(/\s+/)
    .slice(0, count)
    .join(' ')
    .replace(/[.,;:!?]+$/, '');
}

function fitLength(text: string, { maxLength = Infinity, minLength = 0 }: JsonSchema): string {
  let fitted = text;
  if (fitted.length > maxLength) {
    const cut = fitted.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
    fitted = cut.replace(/\s+\S*$/, '') || cut;
  }
  return fitted && [...fitted].length < minLength
    ? fitted.padEnd(minLength + (fitted.length - [...fitted].length), '.')
    : fitted;
}

/** Something that fits the schema; for the id of a list's element, one of its own. */
function guess({ name, parent, schema, root, element }: Slot): Filled {
  if (element && endsIn(name, IDENTIFIERS)) {
    const own = `${words(parent).at(-1)?.replace(/s$/, '') ?? 'item'}-${element.index + 1}`;
    if (conforms(own, schema, root)) return { value: own, found: false };
  }
  return { value: smallestValue(schema, root), found: false };
}
