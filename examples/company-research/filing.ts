import { isCompany } from './company-name.js';
import { takingTurns, type FilingIndex } from './filing-index.js';
import { ofPeriod, periodIn, periodName, type Dated } from './period.js';

/** A report of a company to its owners, whose pages are read when they are needed. */
export interface Filing extends Dated {
  id: string;
  company: string;
  /** Other names by which the company is known here, such as its ticker. */
  aliases: readonly string[];
  url: string | null;
  open(signal: AbortSignal): Promise<FilingIndex>;
}

/** A passage of a filing. */
export interface FilingPassage {
  id: string;
  company: string;
  period: string;
  page: number;
  section: string;
  url: string | null;
  text: string;
}

/** So many filings are searched where no period is given. */
const MAX_FILINGS = 4;

/** What is looked for. `period` is as a person writes it; what a query says of it counts where it is null. */
export interface FilingQuery {
  company: string;
  query: string;
  period: string | null;
}

/**
 * The filings that a query is about, the newest first.
 * @throws an Error that says which filings there are, where there is none
 */
export function filingsFor(all: readonly Filing[], { company, query, period }: FilingQuery): Filing[] {
  const own = all.filter((filing) => isCompany(company, [filing.company, ...filing.aliases]));
  if (own.length === 0)
    throw new Error(
      `there is no filing of ${company}; there is: ${distinct(all.map((filing) => filing.company))}`,
    );
  const fitting = ofPeriod(own, periodIn(period ?? quarterOf(query)));
  if (fitting.length > 0) return fitting.slice(0, MAX_FILINGS);
  if (period === null) return ofPeriod(own, undefined).slice(0, MAX_FILINGS);
  throw new Error(
    `there is no filing of ${company} for ${period}; there is: ${distinct(own.map(periodName))}`,
  );
}

/** Passages of the filings, the best of each first, in turns. */
export async function searchIn(
  filings: readonly Filing[],
  { company, query }: FilingQuery,
  limit: number,
  signal: AbortSignal,
): Promise<FilingPassage[]> {
  const found = await Promise.all(
    filings.map(async (filing) => {
      const index = await filing.open(signal);
      const passages = index.search(withoutNames(query, [company, filing.company, ...filing.aliases]));
      return passages
        .slice(0, limit)
        .map(({ heading, ...rest }) => ({ ...of(filing), section: heading, ...rest }));
    }),
  );
  return takingTurns(...found).slice(0, limit);
}

/** What every answer about a filing says of it. */
export function of(filing: Filing) {
  return { id: filing.id, company: filing.company, period: periodName(filing), url: filing.url };
}

/** A quarter of a year that a question names; a year or "latest" alone may mean something else in it. */
function quarterOf(query: string): string {
  return /\bQ[1-4](?: of)? (?:19|20)\d{2}\b/i.exec(query)?.[0] ?? '';
}

/** The company's own name is on every page of its filings, and says nothing. */
export function withoutNames(query: string, names: readonly string[]): string {
  const words = new Set(names.flatMap((name) => name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []));
  return query
    .split(/\s+/)
    .filter((word) => !words.has(word.toLowerCase().replace(/['’]s?\W*$|[^\p{L}\p{N}]+$/gu, '')))
    .join(' ');
}

function distinct(names: readonly string[]): string {
  return [...new Set(names)].join('; ') || 'none';
}
