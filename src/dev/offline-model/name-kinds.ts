import { words } from './words.js';

const list = (text: string) => new Set(text.trim().split(/\s+/));

/** Names of the answer itself. */
export const ANSWERS = list(
  'answer reply response result output message text body content report draft conclusion finding',
);

/** Names of texts in whole sentences. */
export const PROSE = new Set([
  ...ANSWERS,
  ...list(`
    summary reason rationale reasoning explanation justification description comment note notes detail details analysis
    evidence feedback instruction instructions task input request question step critique argument advice quote quotation
    excerpt
  `),
]);

/** Names of texts that stand somewhere word for word. */
export const QUOTES = list('quote quotation excerpt');

export const TITLES = list('title subject headline heading topic label caption');
export const QUERIES = list('query q search keyword keywords term terms phrase');
export const IDENTIFIERS = list('id ids identifier ref reference source number code key uuid');
export const REASONS = list('reason');
export const SUMMARIES = list('summary');
export const NAMES = list('name');

/** What a name is of, its last word says: `bookingId` is an id, `idList` a list. */
export function endsIn(name: string, kinds: ReadonlySet<string>): boolean {
  return kinds.has(words(name).at(-1) ?? '');
}
