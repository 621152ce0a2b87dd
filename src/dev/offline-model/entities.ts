import { IDENTIFIERS } from './name-kinds.js';
import { expression } from './schema-check.js';
import { LOOKING_VERBS } from './stop-words.js';
import { stem, words } from './words.js';

/** The parts of a text that look like an identifier: `A-1001`, `#4711`, `task_7`, a UUID. In order, each once. */
export function identifiersIn(text: string): string[] {
  const found = text.matchAll(
    /(?<![\p{L}\p{N}@.$€£-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|#\d{2,}|\p{L}[\p{L}]*[-_#]?(?:\d[\p{L}\d]*[-_])*\d[\p{L}\d]*)(?![\p{L}\p{N}@])/giu,
  );
  return [...new Set([...found].map(([match]) => match.replace(/^#/, '')))];
}

export interface IdentifierQuestion {
  /** What the identifier is called: `nodeId`. */
  name: string;
  /** What has it, where the name does not say: the tool `getNode` with the argument `id`. */
  owner?: string;
  /** May name an example, whose shape the identifier then has. */
  description: string;
  /** The schema's pattern, if it has one. */
  pattern?: string | undefined;
  /** What the user wrote, then what was found. */
  texts: readonly string[];
}

/**
 * Identifiers that may be the one asked for, best first. One whose prefix is the short form of another word
 * (`task-7` for a node) is left out, and so is one of another shape than the example in the description.
 */
export function identifiersFor({
  name,
  owner = '',
  description,
  pattern,
  texts,
}: IdentifierQuestion): string[] {
  const searched = pattern === undefined ? undefined : expression(pattern.replace(/^\^|\$$/g, ''), 'gu');
  if (searched) return texts.flatMap((text) => [...text.matchAll(searched)].map(([match]) => match));
  const [example] = identifiersIn(description);
  const named = words(name).filter((word) => !IDENTIFIERS.has(word) && word !== 'no');
  const kinds = named.length > 0 ? named : words(owner).filter((word) => !LOOKING_VERBS.has(word));
  const candidates = texts.flatMap((text, place) =>
    identifiersIn(text).map((id) => {
      const fit = fitOf(id, kinds, text);
      if (example !== undefined) return { id, fit: shapeOf(id) === shapeOf(example) ? fit : -1 };
      // What nothing speaks for counts only if the user wrote it, and under a name that is not everybody's.
      const isGuess = fit === 0 && (place > 0 || named.length === 0);
      return { id, fit: isGuess ? -1 : fit };
    }),
  );
  return candidates
    .filter(({ fit }) => fit >= 0)
    .sort((a, b) => b.fit - a.fit)
    .map(({ id }) => id);
}

function shapeOf(id: string): string {
  return id.replace(/\d+/g, '0');
}

/** 3: the word stands before it; 2: the prefix is short for the word; 1: nothing known; -1: it is something else. */
function fitOf(id: string, kinds: readonly string[], text: string): number {
  const before = words(text.slice(Math.max(0, text.indexOf(id) - 24), text.indexOf(id)))
    .slice(-3)
    .map(stem);
  if (kinds.some((kind) => before.includes(stem(kind)))) return 3;
  const prefix = (/^\p{L}+/u.exec(id)?.[0] ?? '').toLowerCase();
  if (!prefix || kinds.length === 0) return 1;
  if (kinds.some((kind) => kind.startsWith(prefix) || prefix.startsWith(kind))) return 2;
  return prefix.length > 2 ? -1 : 0;
}

export interface Amount {
  value: number;
  /** Whether a sign or name of a currency stands with it. */
  money: boolean;
  /** Stems of the words shortly before and after it. */
  near: string[];
}

/** Words beyond one of these belong to another number. */
const BOUNDARY = /[.,;!?\n]|\d+/;

/** The numbers in a text, in order, without those that are part of an identifier or a date. */
export function amountsIn(text: string): Amount[] {
  const pattern =
    /(?<![\p{L}\p{N}#./:_-])([$€£]\s?)?(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)(?![\p{L}\p{N}_:/-]|\.\d)(\s?(?:€|£|usd|eur|gbp|dollars?|euros?|pounds?)(?![\p{L}]))?/giu;
  return [...text.matchAll(pattern)].map((match) => {
    const [whole, sign, digits = '', unit] = match;
    const start = match.index;
    const before =
      text
        .slice(Math.max(0, start - 30), start)
        .split(BOUNDARY)
        .at(-1) ?? '';
    const after = text.slice(start + whole.length, start + whole.length + 20).split(BOUNDARY)[0] ?? '';
    return {
      value: Number(digits.replace(/,/g, '')),
      money: sign !== undefined || unit !== undefined,
      near: [...words(before).slice(-4), ...words(unit ?? ''), ...words(after).slice(0, 2)].map(stem),
    };
  });
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The calendar days in a text as ISO dates, in order: `2025-03-01`, `March 1, 2025`, `1 March 2025`. */
export function datesIn(text: string): string[] {
  const pattern =
    /\b(\d{4})-(\d{2})-(\d{2})|\b(\p{L}{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b|\b(\d{1,2})(?:st|nd|rd|th)? (\p{L}{3,9}) (\d{4})\b/gu;
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [, isoYear, isoMonth, isoDay, monthA, dayA, yearA, dayB, monthB, yearB] = match;
    if (isoYear) return [`${isoYear}-${isoMonth ?? ''}-${isoDay ?? ''}`];
    const month = MONTHS.indexOf((monthA ?? monthB ?? '').slice(0, 3).toLowerCase()) + 1;
    const two = (value: number | string) => String(value).padStart(2, '0');
    return month === 0 ? [] : [`${yearA ?? yearB ?? ''}-${two(month)}-${two(dayA ?? dayB ?? '')}`];
  });
}

/** The name that the writer of a text gives as their own. */
export function personIn(text: string): string | undefined {
  const name = String.raw`(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,2})`;
  const introduced = new RegExp(`\\b(?:[Mm]y name is|[Tt]his is|I am|I'm) ${name}`, 'u').exec(text)?.[1];
  return (
    introduced ??
    new RegExp(`\\b(?:regards|sincerely|thanks|cheers|thank you),?\\s+${name}\\s*$`, 'imu').exec(text)?.[1]
  );
}

/** What a text puts in quotes, in order. */
export function quotedIn(text: string): string[] {
  return [...text.matchAll(/["“]([^"“”\n]{1,80})["”]/g)].map((match) => match[1] ?? '');
}

/** Names of things: capitalised words that do not begin a sentence, in order. */
export function properNounsIn(text: string): string[] {
  const pattern = /(?<=[\p{Ll}\p{N},;:] )(?:\p{Lu}\p{Ll}[\p{L}-]*)(?: \p{Lu}\p{Ll}[\p{L}-]*)*/gu;
  return [...text.matchAll(pattern)].map(([match]) => match);
}

export function phonesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}])\+?\d[\d ()-]{7,17}\d(?![\p{L}\p{N}])/gu)].map(([match]) =>
    match.trim(),
  );
}

/** The code of the currency that a text first names by code or sign. */
export function currencyIn(text: string): string | undefined {
  const code = /\b(USD|EUR|GBP|CHF|JPY|CAD|AUD)\b|[$€£]/.exec(text)?.[0];
  return code === undefined ? undefined : ({ $: 'USD', '€': 'EUR', '£': 'GBP' }[code] ?? code);
}
