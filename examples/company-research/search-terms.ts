const STOP_WORDS = new Set(
  `a about across after again all also am an and any are as at be because been before being between but by can cannot
  compare compared could did do does doing each for from further had has have having how however i if in into is it its
  may me might more most my no nor not now of off on once only or other our out over own please relate same she should
  so some such tell than that the their them then there these they this those through to too under until up us very
  was we were what when where which while who why will with would you your`.split(/\s+/),
);

/**
 * A word as it is looked up: in lower case and without the commonest English endings, so that "increased" and
 * "increases" meet "increase"; null for words that say nothing.
 */
export function searchTerm(word: string): string | null {
  const lower = word.toLowerCase().replace(/['’]s$/, '');
  if (lower.length < 2 || STOP_WORDS.has(lower)) return null;
  if (lower.length < 5 || /\d/.test(lower)) return lower.replace(/(?<=[a-z]{3})s$/, '');
  return lower
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '')
    .replace(/(?<=[a-z]{3})(?:ation|ment|ing|ed|al|ly)$/, '')
    .replace(/([^aeiouls])\1$/, '$1')
    .replace(/[ey]$/, '');
}

/** Words that a question has because it is about reports, whatever it asks. */
const ABOUT_REPORTS = new Set(
  terms(`report reported reporting latest recent quarter quarterly period filing filings form 10-q 10-k q1 q2 q3 q4
    document section discussion discussed analyze examine information insights provided disclosed disclose mentioned
    highlighted list significant substantial considerable notable`),
);

/** A year chooses among filings, and stands on every page of each. */
const YEAR = /^(?:19|20)\d{2}$/;

/** Other words for the same in the language of accounts. They count less than what was asked. */
const SYNONYMS = new Map(
  [
    ['revenue', 'sales'],
    ['sales', 'revenue'],
    ['cost', 'expense'],
    ['expenditure', 'expense'],
    ['profit', 'income'],
    ['currency', 'exchange'],
    ['legal', 'litigation'],
    ['divestiture', 'disposition'],
    ['debt', 'notes borrowings'],
  ].map(([word = '', others = '']) => [terms(word)[0] ?? '', terms(others)]),
);
const SYNONYM_WEIGHT = 0.6;

/** What a query asks for: each term with its weight. All words of it, where none says more than that it is about reports. */
export function searchTerms(query: string): Map<string, number> {
  const all = terms(query.replace(/\bR&D\b/g, 'research and development'));
  const telling = all.filter((term) => !ABOUT_REPORTS.has(term) && !YEAR.test(term));
  const asked = telling.length > 0 ? telling : all;
  const others = asked.flatMap((term) => SYNONYMS.get(term) ?? []);
  return new Map([
    ...others.map((term) => [term, SYNONYM_WEIGHT] as const),
    ...asked.map((term) => [term, 1] as const),
  ]);
}

function terms(text: string): string[] {
  return text.split(/[^\p{L}\p{N}&'’]+/u).flatMap((word) => searchTerm(word) ?? []);
}
