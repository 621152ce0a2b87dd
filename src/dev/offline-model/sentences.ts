import { terms } from './words.js';

const ABBREVIATION = /\b(e\.g|i\.e|mr|mrs|ms|dr|vs|no|etc|approx|cf)\.$/i;

/** The sentences of a text, in order, without list markers, headings' marks and quotes' marks. */
export function sentences(text: string): string[] {
  return text
    .split(/\n+/)
    .map((line) => line.replace(/^\s*(?:[-*•>#|]+|\d+[.)])\s+/, '').trim())
    .flatMap(splitLine)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function splitLine(line: string): string[] {
  const found: string[] = [];
  for (const part of line.split(/(?<=[.!?]["')\]]*)\s+(?=["'([]?[\p{Lu}\p{N}])|(?<=[!?]["')\]]*)\s+/u)) {
    const previous = found.at(-1);
    if (previous !== undefined && ABBREVIATION.test(previous))
      found[found.length - 1] = `${previous} ${part}`;
    else found.push(part);
  }
  return found;
}

/**
 * The parts of a request that names several things to do: its list items, else its sentences, else, of one
 * sentence, its clauses.
 */
export function requestParts(text: string): string[] {
  const lines = text.split('\n').filter((line) => /^\s*(?:[-*•]|\d+[.)])\s+\S/.test(line));
  if (lines.length > 1) return lines.flatMap((line) => sentences(line).join(' '));
  const whole = sentences(text);
  if (whole.length !== 1) return whole;
  const clauses = (whole[0] ?? '')
    .replace(/[.!?]+$/, '')
    .split(/;\s*|,\s*(?:and\s+)?|\s+and\s+|\s+(?=then\s)/i)
    .map((clause) => clause.trim())
    .filter(Boolean);
  return clauses.length > 1 && clauses.every((clause) => clause.split(/\s+/).length > 1) ? clauses : whole;
}

const REQUEST =
  /\?["')\]]*$|^(?:so |and |but )?(?:please|can you|could you|would you|tell me|let me know|help me)\b|\bI(?: also)? wonder\b/i;
const WISH = /\b(?:please|I(?:'d| would) like|I want|I need|can you|could you)\b/i;

/** A question with fewer content words can't be understood by itself. */
const SELF_CONTAINED = 3;

/**
 * The sentences of a text that ask for something: questions and requests, else wishes. Short ones come with the
 * `title`, which says what they are about.
 */
export function requestsIn(text: string, title = ''): string[] {
  const all = sentences(text);
  const requests = all.filter((sentence) => REQUEST.test(sentence));
  const chosen = requests.length > 0 ? requests : all.filter((sentence) => WISH.test(sentence));
  const isShort = (sentence: string) => terms(sentence).length < SELF_CONTAINED && sentence !== title;
  const heading = title.replace(/[.!?:]+$/, '');
  return [...new Set(chosen.map((said) => (heading && isShort(said) ? `${heading}: ${said}` : said)))];
}
