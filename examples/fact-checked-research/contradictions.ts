import type { Quotation } from './activities.js';
import type { Finding } from './collect-findings.js';

/** Findings that cannot all be true: a claim that cites one of them has to cite them all. */
export interface Contradiction {
  findingIds: string[];
}

/** Sentences with fewer words in common than this are about different things. */
const SHARED_WORDS = 3;

/** The contradictions that the analyst names among these findings, and those that figures show. */
export function contradictionsAmong(
  findings: readonly Finding[],
  named: readonly Contradiction[],
): Contradiction[] {
  const known = new Set(findings.map(({ id }) => id));
  const sets = named
    .map(({ findingIds }) => ({ findingIds: [...new Set(findingIds)].filter((id) => known.has(id)) }))
    .filter(({ findingIds }) => findingIds.length > 1);
  const pairs = differingFigures(findings)
    .map((pair) => ({ findingIds: pair.map(({ id }) => id) }))
    .filter((pair) => !sets.some((set) => pair.findingIds.every((id) => set.findingIds.includes(id))));
  return [...sets, ...pairs];
}

/**
 * Pairs of quotations from different articles that give different figures for what seems to be the same: the same unit in
 * sentences about the same things, and of no two different years. A backstop for what an analyst overlooks.
 */
export function differingFigures<Q extends Quotation>(quotations: readonly Q[]): [Q, Q][] {
  return quotations.flatMap((one, place) =>
    quotations.slice(place + 1).flatMap((other): [Q, Q][] => (differ(one, other) ? [[one, other]] : [])),
  );
}

function differ(a: Quotation, b: Quotation): boolean {
  if (a.source === b.source) return false;
  const [one, other] = [readingOf(a.quote), readingOf(b.quote)];
  const haveYears = one.years.size > 0 && other.years.size > 0;
  if (haveYears && isDisjoint(one.years, other.years)) return false;
  const isOther = ([unit, figures]: [string, Set<string>]) => {
    const others = other.measures.get(unit);
    return others !== undefined && isDisjoint(figures, others);
  };
  const shared = [...one.words].filter((word) => other.words.has(word) && !one.measures.has(word));
  return shared.length >= SHARED_WORDS && [...one.measures].some(isOther);
}

/** A sentence as figures by their units, years and longer words. */
function readingOf(quote: string) {
  const text = quote.toLowerCase().replace(/%/g, ' percent');
  const measures = new Map<string, Set<string>>();
  const years = new Set(text.match(/\b(?:19|20)\d\d\b/g));
  for (const [, figure = '', unit = ''] of text.matchAll(/(\d+(?:[.,]\d+)*)\s+(\p{L}{3,})/gu)) {
    if (years.has(figure)) continue;
    measures.set(unit, (measures.get(unit) ?? new Set()).add(figure.replace(/,/g, '')));
  }
  const words = new Set(text.match(/\p{L}{4,}/gu)?.filter((word) => !COMMON.has(word)));
  return { measures, years, words };
}

const COMMON = new Set(
  'about from have that their there they this were what when which with your'.split(' '),
);

function isDisjoint(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return ![...a].some((one) => b.has(one));
}
