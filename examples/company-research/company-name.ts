const LEGAL_FORMS = new Set(
  'inc incorporated corp corporation co company ltd limited llc plc ag se sa nv holdings group the com'.split(
    ' ',
  ),
);

/** Whether a company that somebody names is one of these: by its name without the legal form, or by its ticker. */
export function isCompany(asked: string, names: readonly string[]): boolean {
  const wanted = wordsOf(asked);
  if (wanted.length === 0) return false;
  return names.some((name) => {
    const own = wordsOf(name);
    return own.length > 0 && (contains(own, wanted) || contains(wanted, own));
  });
}

/** With these alone, many companies would be meant. */
const COMMON_BEGINNINGS = new Set(
  `advanced allied american applied associated atlantic bank best black blue british capital central china city digital east
  eastern electronic energy european federal first fresh general global golden great green home international liberty live
  micro national new north northern old open pacific pan public pure red royal silver smart social south southern standard
  star sun super texas top union united universal us utah west western white world`.split(/\s+/),
);

/** Whether a text speaks of a company: by the words of its name in a row, or by the first of them, as people say it. */
export function mentions(text: string, company: string): boolean {
  const wanted = wordsOf(company);
  const [first = ''] = wanted;
  const short = first.length < 4 || COMMON_BEGINNINGS.has(first) ? wanted : [first];
  return wanted.length > 0 && contains(wordsOf(text), short);
}

function wordsOf(name: string): string[] {
  return (
    name
      .replace(/['’]s\b/g, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}&]+/gu) ?? []
  ).filter((word) => !LEGAL_FORMS.has(word));
}

function contains(words: readonly string[], part: readonly string[]): boolean {
  return words.some((_, start) => part.every((word, i) => words[start + i] === word));
}
