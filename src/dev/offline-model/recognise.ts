import {
  currencyIn,
  datesIn,
  identifiersFor,
  personIn,
  phonesIn,
  properNounsIn,
  quotedIn,
} from './entities.js';
import { factsNamed } from './facts.js';
import { findFormat } from './formats.js';
import { endsIn, IDENTIFIERS, NAMES, PROSE, QUERIES, TITLES } from './name-kinds.js';
import type { Slot } from './slot.js';
import { STOP_WORDS } from './stop-words.js';
import { words } from './words.js';

/** Names that are an address only where they stand alone. */
const ADDRESSEES = new Set(['to', 'cc', 'from', 'sender', 'recipient', 'recipients']);

/** What a slot's name or format says that it is, found in the conversation; the likeliest first. */
export function recognise(slot: Slot): string[] {
  return [...candidates(slot)];
}

function* candidates({ name, parent, description, schema, context }: Slot): Generator<string> {
  const texts = [context.userText, context.foundText, context.instructions];
  const is = (...kinds: string[]) => words(name).some((word) => kinds.includes(word));
  const all = (find: (text: string) => string[]) => texts.flatMap(find);
  if (schema.format !== undefined) yield* all((text) => findFormat(text, schema.format ?? ''));
  if (is('email', 'mail') || ADDRESSEES.has(name.toLowerCase()))
    yield* all((text) => findFormat(text, 'email'));
  if (is('url', 'uri', 'link', 'website')) yield* all((text) => findFormat(text, 'uri'));
  if (is('date', 'day', 'deadline', 'due', 'birthday') || schema.format === 'date') yield* all(datesIn);
  if (is('phone', 'mobile', 'telephone')) yield* all(phonesIn);
  if (is('currency')) yield* texts.map(currencyIn).filter((code) => code !== undefined);
  if (is('language', 'locale')) yield 'en';
  if (endsIn(name, IDENTIFIERS) || schema.pattern !== undefined) {
    yield* relevantIds(name, context);
    const taken = otherIds(name, context);
    const ids = identifiersFor({
      name,
      owner: parent,
      description,
      pattern: schema.pattern,
      texts: texts.slice(0, 2),
    });
    yield* ids.filter((id) => !taken.has(id));
  }
  if (endsIn(name, NAMES)) {
    yield* [personIn(context.userText)].filter((person) => person !== undefined);
  }
  const isText = [PROSE, QUERIES, TITLES, IDENTIFIERS].some((kinds) => endsIn(name, kinds));
  if (!isText) yield* namedThings(name, context.userText);
}

/** Ids of records, for a slot that is called just `id`; those of the record most asked about first. */
function relevantIds(name: string, { facts, question }: Slot['context']): string[] {
  if (words(name).length > 1) return [];
  return factsNamed('id', facts, question)
    .filter(({ fact }) => fact.source !== 'user' && typeof fact.value === 'string')
    .map(({ fact }) => String(fact.value));
}

/** Ids that are known to be of something else, such as the request's own. */
function otherIds(name: string, { facts, question }: Slot['context']): Set<string> {
  if (words(name).length === 1) return new Set();
  const alike = new Set(factsNamed(name, facts, question).map(({ fact }) => fact));
  const others = facts.filter((fact) => !alike.has(fact) && endsIn(fact.path.at(-1) ?? '', IDENTIFIERS));
  return new Set(others.map(({ value }) => String(value)));
}

/** A thing that the text names after the slot's name ("colour green", "in the city of Bern"), or at all. */
function namedThings(name: string, text: string): string[] {
  const label = words(name).join('[ _-]?');
  const after = [
    ...text.matchAll(new RegExp(`\\b${label}(?: of| is|:)? ([\\p{L}\\p{N}][\\p{L}\\p{N}-]*)`, 'giu')),
  ];
  const named = after.map((match) => match[1] ?? '').filter((word) => !STOP_WORDS.has(word.toLowerCase()));
  return [...named, ...quotedIn(text), ...properNounsIn(text)];
}
