const STOP_WORDS = new Set(
  `a about after again all also am an and any are as at be because been before being but by can cannot could did do does
  doing don for from further get go had has have having he hello her here hi him his how i if in into is it its just
  like me more my no nor not now of off on once only or other our out over own please same she should so some such
  than thank thanks that the their them then there these they this those through to too under until up us very was we
  were what when where which while who why will with would you your`.split(/\s+/),
);

/**
 * A word as it is looked up: in lower case and without the commonest English endings, so that "returned" and "returning"
 * meet "return"; null for words that say nothing.
 */
export function searchTerm(word: string): string | null {
  const lower = word.toLowerCase();
  if (lower.length < 2 || STOP_WORDS.has(lower)) return null;
  if (lower.length < 5 || /\d/.test(lower)) return lower.replace(/(?<=[a-z]{3})s$/, '');
  return lower
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '')
    .replace(/(?<=[a-z]{3})(?:ing|ed)$/, '')
    .replace(/([^aeiouls])\1$/, '$1')
    .replace(/e$/, '');
}
