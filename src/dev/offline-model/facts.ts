import { GENERIC_NAME_WORDS } from './stop-words.js';
import { coverage, nameTerms, terms } from './words.js';

/** Where something was read. `item` is the element of a list that is being worked on, within a longer list. */
export type Source = 'item' | 'user' | 'material' | 'tool' | 'system';

/** An object of the JSON that was read, with what its direct values talk about. */
export interface FactRecord {
  value: object;
  terms: ReadonlySet<string>;
}

/** A named value: `{"node": {"size": 5}}` has the facts `node` and `node size`. */
export interface Fact {
  /** The names from the outermost to the value's own; the places in lists are left out. */
  path: string[];
  value: unknown;
  source: Source;
  record: FactRecord;
  /** The words of the value's own name, and of that and its parent's. */
  names: { own: ReadonlySet<string>; withParent: ReadonlySet<string> };
}

/** The facts of a JSON value. `root` names the value itself, such as the tool that gave it. */
export function factsIn(value: unknown, source: Source, root: string[] = []): Fact[] {
  const facts: Fact[] = [];
  const known = new Map<string, Fact['names']>();
  const named = (path: string[]) => {
    const key = path.slice(-2).join(' ');
    const names = known.get(key) ?? namesOf(path);
    known.set(key, names);
    return names;
  };
  const visit = (part: unknown, path: string[]) => {
    if (Array.isArray(part)) part.forEach((element) => visit(element, path));
    else if (isObject(part)) {
      const record = { value: part, terms: new Set(directTerms(part)) };
      for (const [key, child] of Object.entries(part)) {
        const childPath = [...path, key];
        facts.push({ path: childPath, value: child, source, record, names: named(childPath) });
        visit(child, childPath);
      }
    }
  };
  visit(value, root);
  return facts;
}

/** Facts written as lines of prose, `Node number: A-7`. */
export function factsInLines(text: string, source: Source): Fact[] {
  const record = { value: {}, terms: new Set(terms(text)) };
  return [...text.matchAll(/^[\s*•-]*([\p{L}][\p{L}\p{N} _-]{0,30}?)\**:\s+(\S.{0,120})$/gmu)].flatMap(
    (match) => {
      const [, key = '', value = ''] = match;
      const path = [key.trim()];
      const names = namesOf(path);
      const written = { path, value: value.trim(), source, record, names };
      const number = /^[$€£]?\s?(-?\d[\d,]*(?:\.\d+)?)\s?%?$/.exec(value.trim())?.[1];
      return number
        ? [written, { path, value: Number(number.replace(/,/g, '')), source, record, names }]
        : [written];
    },
  );
}

const GENERIC = nameTerms([...GENERIC_NAME_WORDS].join(' '));
const SOURCES: Source[] = ['item', 'user', 'material', 'tool', 'system'];

/** Values that are named alike, best first. */
export interface NamedFact {
  fact: Fact;
  /** 1: the same words, in any spelling and sequence; below: the share of words in common. */
  likeness: number;
}

/**
 * The facts whose names are like `name`, best first: by likeness, then by how much their record has to do with
 * `about`, then what was said before what was looked up.
 */
export function factsNamed(
  name: string,
  facts: readonly Fact[],
  about: ReadonlyMap<string, number>,
): NamedFact[] {
  const wanted = nameTerms(name);
  const generic = [...wanted].every((term) => GENERIC.has(term));
  return facts
    .map((fact) => ({ fact, likeness: likeness(wanted, fact.names, generic) }))
    .filter(({ likeness }) => likeness > 0)
    .map((named) => ({ ...named, relevance: weightOf(named.fact.record.terms, about) }))
    .sort(
      (a, b) =>
        b.likeness - a.likeness ||
        Number(b.fact.source === 'item') - Number(a.fact.source === 'item') ||
        (a.fact.source === b.fact.source ? b.relevance - a.relevance : 0) ||
        SOURCES.indexOf(a.fact.source) - SOURCES.indexOf(b.fact.source),
    )
    .map(({ fact, likeness }) => ({ fact, likeness }));
}

/** How much of what is asked about a set of terms touches. */
export function weightOf(found: ReadonlySet<string>, about: ReadonlyMap<string, number>): number {
  let weight = 0;
  for (const term of found) weight += about.get(term) ?? 0;
  return weight;
}

function namesOf(path: string[]): Fact['names'] {
  return { own: nameTerms(path.at(-1) ?? ''), withParent: nameTerms(path.slice(-2).join(' ')) };
}

function likeness(wanted: ReadonlySet<string>, { own, withParent }: Fact['names'], generic: boolean): number {
  if (generic) return coverage(wanted, own) === 1 && own.size === wanted.size ? 1 : 0;
  // A little less, so that the value's own name wins where both fit.
  return Math.max(overlap(wanted, own), 0.95 * overlap(wanted, withParent));
}

/** Words in common over all words; 0 where they have only generic words in common. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((term) => b.has(term));
  return common.some((term) => !GENERIC.has(term)) ? common.length / new Set([...a, ...b]).size : 0;
}

function directTerms(record: object): string[] {
  return Object.values(record).flatMap((value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? terms(String(value)) : [],
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
