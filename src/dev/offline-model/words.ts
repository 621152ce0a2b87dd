import { NEGATIONS, STOP_WORDS } from './stop-words.js';

/** The words of a text or an identifier, in lower case: `orderId`, `order_id` and `order id` are the same. */
export function words(text: string): string[] {
  return (
    text
      .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
      .replace(/n['’]t\b/g, ' not')
      .replace(/['’]s\b/g, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/**
 * A word without its English endings, so that forms of one word meet: charge, charged, charging; cancel,
 * cancelled, cancellation. A light stemmer: the result need not be a word.
 */
export function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word;
  let stemmed = word;
  if (/ies$/.test(stemmed)) stemmed = stemmed.replace(/ies$/, 'y');
  else if (/(ss|x|ch|sh|zz)es$/.test(stemmed)) stemmed = stemmed.slice(0, -2);
  else if (/[^sui]s$/.test(stemmed)) stemmed = stemmed.slice(0, -1);
  for (const ending of ['ation', 'ment', 'ing', 'ed', 'ly']) {
    const root = stemmed.slice(0, -ending.length);
    if (stemmed.endsWith(ending) && root.length >= 3 && /[aeiouy]/.test(root)) stemmed = root;
  }
  return stemmed
    .replace(/e$/, '')
    .replace(/y$/, 'i')
    .replace(/([^aeiou])\1$/, '$1');
}

/** The stems of a text's content words, in order, with repetitions. */
export function terms(text: string): string[] {
  return words(text)
    .filter((word) => word.length > 1 && !STOP_WORDS.has(word))
    .map(stem);
}

/** The stems of a name's words; unlike in prose, every word counts. */
export function nameTerms(name: string): Set<string> {
  return new Set(words(name).map(stem));
}

/** Whether one of the name's words, or its stem, is in the list. */
export function namedAs(name: string, list: ReadonlySet<string>): boolean {
  return words(name).some((word) => list.has(word));
}

/** How far a negation reaches, in words. */
const NEGATION_REACH = 3;

/** The stems of a text's content words that no negation shortly before them denies. */
export function affirmedTerms(text: string): Set<string> {
  const affirmed = new Set<string>();
  for (const clause of text.split(/[.!?;,:\n]+/)) {
    let denied = 0;
    for (const word of words(clause)) {
      if (NEGATIONS.has(word)) denied = NEGATION_REACH + 1;
      else if (denied <= 0 && word.length > 1 && !STOP_WORDS.has(word)) affirmed.add(stem(word));
      denied -= 1;
    }
  }
  return affirmed;
}

/** The share of `of` that is also in `among`, 0 to 1. */
export function coverage(of: Iterable<string>, among: ReadonlySet<string>): number {
  const wanted = new Set(of);
  if (wanted.size === 0) return 0;
  return [...wanted].filter((term) => among.has(term)).length / wanted.size;
}
