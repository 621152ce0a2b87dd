import { NEGATIONS, STOP_WORDS } from './stop-words.js';

/** The words of a text or an identifier, in lower case: `nodeId`, `node_id` and `node id` are the same. */
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
 * A word without its English endings, so that forms of one word meet: measure, measured, measuring;
 * inform, informed, information. A light stemmer: the result need not be a word.
 */
export function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word;
  let stemmed = singular(word);
  for (const ending of ['ation', 'ment', 'ing', 'ed', 'ly']) {
    const root = stemmed.slice(0, -ending.length);
    if (stemmed.endsWith(ending) && root.length >= 3 && /[aeiouy]/.test(root)) stemmed = root;
  }
  return stemmed
    .replace(/e$/, '')
    .replace(/([^aeiou])y$/, '$1i')
    .replace(/([^aeiou])\1$/, '$1');
}

/** The stems of a text's content words, in order, with repetitions. */
export function terms(text: string): string[] {
  return words(text)
    .filter((word) => word.length > 1 && !STOP_WORDS.has(word))
    .map(stem);
}

/** A word in the singular. In names, that is all that may differ: `closed` and `closing` are not the same field. */
function singular(word: string): string {
  if (word.length < 4) return word;
  if (/ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(ss|x|ch|sh|zz)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

/** The words of a name, in the singular; unlike in prose, every word counts. */
export function nameTerms(name: string): Set<string> {
  return new Set(words(name).map(singular));
}

/** Whether one of the name's words, or its stem, is in the list. */
export function namedAs(name: string, list: ReadonlySet<string>): boolean {
  return words(name).some((word) => list.has(word));
}

/** How far a negation reaches, in content words of the same clause. */
const NEGATION_REACH = 3;

/** The stems of a text's content words that no negation before them denies ("not urgent"). */
export function affirmedTerms(text: string): Set<string> {
  const affirmed = new Set<string>();
  for (const clause of text.split(/[.!?;,:\n]+|\b(?:but|however)\b/)) {
    let denied = 0;
    for (const word of words(clause)) {
      if (NEGATIONS.has(word)) denied = NEGATION_REACH;
      else if (word.length > 1 && !STOP_WORDS.has(word)) {
        if (denied <= 0) affirmed.add(stem(word));
        denied -= 1;
      }
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
