import MiniSearch from 'minisearch';
import { isCompany } from './company-name.js';
import { EdgarApi, type EdgarOptions, type Fact, type Facts, type Submissions } from './edgar-api.js';
import { FilingIndex } from './filing-index.js';
import { filingsFor, of, withoutNames, type Filing, type FilingQuery } from './filing.js';
import type { Figure, FilingSource } from './filing-source.js';
import { textOfHtml } from './html.js';
import { Kept } from './kept.js';
import { searchTerm } from './search-terms.js';

const FORMS = ['10-Q', '10-K', '20-F', '40-F'];
/** So many of a company's newest reports are known. */
const MAX_FILINGS = 12;
/** A filing on the web has no pages; where it marks no page breaks it is cut into parts of so many characters. */
const PAGE_CHARS = 5000;
const HOUR = 60 * 60 * 1000;

/** Filings and reported figures of companies that report to the SEC. */
export class Edgar implements FilingSource {
  private readonly api: EdgarApi;
  private readonly indexes = new Kept<FilingIndex>(HOUR, 12);

  constructor(options: EdgarOptions) {
    this.api = new EdgarApi(options);
  }

  async filingsOf(company: string, signal: AbortSignal): Promise<Filing[]> {
    const cik = await this.cikOf(company, signal);
    return this.reports(cik, signal);
  }

  /** @param id `<CIK>/<accession number>` */
  async filing(id: string, signal: AbortSignal): Promise<Filing | undefined> {
    const cik = /^(\d{1,10})\/\d{10}-\d{2}-\d{6}$/.exec(id)?.[1];
    if (cik === undefined) return undefined;
    return (await this.reports(Number(cik), signal)).find((filing) => filing.id === id);
  }

  async figures(query: FilingQuery, limit: number, signal: AbortSignal): Promise<Figure[]> {
    const cik = await this.cikOf(query.company, signal);
    const filings = filingsFor(await this.reports(cik, signal), query);
    const concepts = conceptsIn(await this.api.facts(cik, signal));
    const index = new MiniSearch<{ id: number; label: string; description: string }>({
      fields: ['label', 'description'],
      processTerm: searchTerm,
      searchOptions: { boost: { label: 4 } },
    });
    index.addAll(concepts.map(({ label, description }, id) => ({ id, label, description })));
    const [filing] = filings;
    const asked = withoutNames(query.query, [
      query.company,
      ...(filing ? [filing.company, ...filing.aliases] : []),
    ]);
    const figures = index.search(asked).flatMap(({ id }) => {
      const concept = concepts[Number(id)];
      return concept ? filings.flatMap((report) => figuresIn(concept, report)) : [];
    });
    return figures.slice(0, limit);
  }

  private async cikOf(company: string, signal: AbortSignal): Promise<number> {
    const companies = await this.api.tickers(signal);
    const wanted = company.trim().toUpperCase();
    const found =
      companies.find(({ ticker }) => ticker.toUpperCase() === wanted) ??
      companies.find(({ title }) => title.toUpperCase() === wanted) ??
      // The list begins with the largest.
      companies.find(({ title }) => isCompany(company, [title]));
    if (!found) throw new Error(`${company} is not among the companies that report to the SEC`);
    return found.cik_str;
  }

  private async reports(cik: number, signal: AbortSignal): Promise<Filing[]> {
    const [{ name, tickers, filings }, facts] = await Promise.all([
      this.api.submissions(cik, signal),
      this.api.facts(cik, signal),
    ]);
    const quarters = quartersIn(facts);
    return rowsOf(filings.recent)
      .filter(({ form }) => FORMS.includes(form))
      .slice(0, MAX_FILINGS)
      .map(({ accession, ended, document }) => {
        const url = this.api.documentUrl(cik, accession, document);
        return {
          id: `${cik}/${accession}`,
          company: name,
          aliases: tickers,
          url,
          ...quarters.get(accession),
          ...(ended === '' ? {} : { ended }),
          open: (within: AbortSignal) =>
            this.indexes.get(url, async () => new FilingIndex(pagesOf(await this.api.text(url, within)))),
        };
      });
  }
}

function rowsOf(recent: Submissions['filings']['recent']) {
  return recent.accessionNumber.map((accession, i) => ({
    accession,
    form: recent.form[i] ?? '',
    ended: recent.reportDate[i] ?? '',
    document: recent.primaryDocument[i] ?? '',
  }));
}

interface Concept {
  label: string;
  description: string;
  facts: { unit: string; fact: Fact }[];
}

function conceptsIn({ facts }: Facts): Concept[] {
  return Object.values(facts).flatMap((taxonomy) =>
    Object.entries(taxonomy).map(([name, { label, description, units }]) => ({
      label: label ?? name,
      description: description ?? '',
      facts: Object.entries(units).flatMap(([unit, list]) => list.map((fact) => ({ unit, fact }))),
    })),
  );
}

/** Which quarter a filing is of, by the company's own count: each fact says it. */
function quartersIn(facts: Facts): Map<string, { quarter?: number; year?: number }> {
  const quarters = new Map<string, { quarter?: number; year?: number }>();
  for (const { facts: list } of conceptsIn(facts))
    for (const { fact } of list) {
      if (quarters.has(fact.accn) || fact.fy == null) continue;
      const quarter = /^Q([1-4])$/.exec(fact.fp ?? '')?.[1];
      quarters.set(fact.accn, {
        year: fact.fy,
        ...(quarter === undefined ? {} : { quarter: Number(quarter) }),
      });
    }
  return quarters;
}

/** What a filing reports of a concept for its own period: the facts of it that end last. */
function figuresIn({ label, facts }: Concept, filing: Filing): Figure[] {
  const own = facts.filter(({ fact }) => filing.id.endsWith(`/${fact.accn}`));
  const last = own
    .map(({ fact }) => fact.end)
    .sort()
    .at(-1);
  return own
    .filter(({ fact }) => fact.end === last)
    .map(({ unit, fact: { start, end, val, form, filed } }) => ({
      ...of(filing),
      page: null,
      label,
      text: `${label}: ${val.toLocaleString('en-US', { maximumFractionDigits: 6 })} ${unit}, ${start ? `${start} to ${end}` : `on ${end}`} (${form} filed ${filed})`,
    }));
}

const PAGE_BREAK = /<(?:hr|div|p)\b[^>]*page-break-(?:after|before)\s*:\s*always[^>]*>/gi;

function pagesOf(html: string): string[] {
  const pages = html.split(PAGE_BREAK).map(textOfHtml).filter(Boolean);
  return pages.flatMap((page) => (pages.length > 1 ? [page] : cut(page)));
}

function cut(text: string): string[] {
  const pages: string[] = [];
  for (const line of text.split('\n')) {
    const last = pages.at(-1);
    if (last !== undefined && last.length + line.length < PAGE_CHARS)
      pages[pages.length - 1] = `${last}\n${line}`;
    else pages.push(line);
  }
  return pages;
}
