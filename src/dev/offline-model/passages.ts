import { isObject, type Source } from './facts.js';
import { sentences } from './sentences.js';
import { terms, words } from './words.js';

/** A sentence, or a record told as one, that an answer may use. */
export interface Passage {
  text: string;
  terms: string[];
  source: Source;
  /** Its place in the list that it was found in; searches put the best first. */
  rank: number;
  form: 'sentence' | 'fragment' | 'record';
}

/** A string in JSON with this many words or more is prose. */
const PROSE_WORDS = 4;

/** Whether a value of JSON is something to read, not a name or a code. */
export function isProse(text: string): boolean {
  return text.trim().split(/\s+/).length >= PROSE_WORDS;
}

/** The sentences of a text. */
export function passagesOf(text: string, source: Source, rank = 0): Passage[] {
  return sentences(text).map((sentence) => ({
    text: sentence,
    terms: terms(sentence),
    source,
    rank,
    form: isWhole(sentence) ? 'sentence' : 'fragment',
  }));
}

/** The prose in a JSON value, and each record that has none, told as one sentence. */
export function recordPassages(value: unknown, source: Source, rank = 0): Passage[] {
  if (typeof value === 'string') return isProse(value) ? passagesOf(value, source, rank) : [];
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, place) => recordPassages(element, source, rank + place));
  }
  if (!isObject(value)) return [];
  const entries = Object.entries(value);
  const hasProse = entries.some(([, part]) => typeof part === 'string' && isProse(part));
  const told = hasProse ? '' : tellRecord(entries);
  const own: Passage[] = told ? [{ text: told, terms: terms(told), source, rank, form: 'record' }] : [];
  return [...own, ...entries.flatMap(([, part]) => recordPassages(part, source, rank))];
}

/** Headings and list items are not. */
function isWhole(text: string): boolean {
  return /^[^\p{L}]*\p{Lu}.*[.!?]["')\]*]*$/su.test(text);
}

function tellRecord(entries: [string, unknown][]): string {
  const told = entries
    .filter(([, part]) => ['string', 'number', 'boolean'].includes(typeof part) && part !== '')
    .map(([key, part]) => `${words(key).join(' ')}: ${String(part)}`);
  return told.length > 1 ? `${told.join(', ')}.` : '';
}
