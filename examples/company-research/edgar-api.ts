import { z } from 'zod';
import { get, SourceError } from './get.js';
import { Kept } from './kept.js';

export interface EdgarOptions {
  /** Who asks, with an address to write to: the SEC refuses others. */
  userAgent: string;
  /** Default `https://data.sec.gov`. */
  dataUrl?: string;
  /** Default `https://www.sec.gov`. */
  wwwUrl?: string;
}

const Tickers = z.record(
  z.string(),
  z.object({ cik_str: z.number(), ticker: z.string(), title: z.string() }),
);

/** The newest thousand filings, a column each. */
const Submissions = z.object({
  name: z.string(),
  tickers: z.array(z.string()).default([]),
  filings: z.object({
    recent: z.object({
      accessionNumber: z.array(z.string()),
      form: z.array(z.string()),
      reportDate: z.array(z.string()),
      filingDate: z.array(z.string()),
      primaryDocument: z.array(z.string()),
    }),
  }),
});
export type Submissions = z.infer<typeof Submissions>;

const Fact = z.object({
  /** Absent for what holds at one day. */
  start: z.string().optional(),
  end: z.string(),
  val: z.number(),
  accn: z.string(),
  /** Year and quarter of the filing, by the company's own count. */
  fy: z.number().nullish(),
  fp: z.string().nullish(),
  form: z.string(),
  filed: z.string(),
});
export type Fact = z.infer<typeof Fact>;
const Facts = z.object({
  facts: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        label: z.string().nullish(),
        description: z.string().nullish(),
        units: z.record(z.string(), z.array(Fact)),
      }),
    ),
  ),
});
export type Facts = z.infer<typeof Facts>;

const HOUR = 60 * 60 * 1000;
/** Ten requests a second are allowed, from all of an application's machines together. */
const MS_BETWEEN = 200;

/**
 * The SEC's public API.
 * Source: https://www.sec.gov/search-filings/edgar-application-programming-interfaces and, for the User-Agent and the rate,
 * https://www.sec.gov/about/webmaster-frequently-asked-questions#developers
 */
export class EdgarApi {
  private readonly companies = new Kept<z.output<typeof Tickers>>(24 * HOUR, 1);
  private readonly filers = new Kept<Submissions>(HOUR, 20);
  private readonly reported = new Kept<Facts>(HOUR, 5);
  private next = 0;

  constructor(private readonly options: EdgarOptions) {}

  /** All companies that file, by name and ticker. */
  async tickers(signal: AbortSignal): Promise<{ cik_str: number; ticker: string; title: string }[]> {
    const url = `${this.wwwUrl}/files/company_tickers.json`;
    return Object.values(await this.companies.get(url, () => this.json(url, Tickers, signal)));
  }

  submissions(cik: number, signal: AbortSignal): Promise<Submissions> {
    const url = `${this.dataUrl}/submissions/CIK${tenDigits(cik)}.json`;
    return this.filers.get(url, () => this.json(url, Submissions, signal));
  }

  facts(cik: number, signal: AbortSignal): Promise<Facts> {
    const url = `${this.dataUrl}/api/xbrl/companyfacts/CIK${tenDigits(cik)}.json`;
    return this.reported.get(url, () => this.json(url, Facts, signal));
  }

  documentUrl(cik: number, accession: string, document: string): string {
    return `${this.wwwUrl}/Archives/edgar/data/${cik}/${accession.replaceAll('-', '')}/${document}`;
  }

  async text(url: string, signal: AbortSignal): Promise<string> {
    await this.turn();
    return get(url, { source: SOURCE, headers: { 'user-agent': this.options.userAgent }, signal }).catch(
      explain,
    );
  }

  private async json<S extends z.ZodType>(url: string, schema: S, signal: AbortSignal): Promise<z.output<S>> {
    const parsed = schema.safeParse(parse(await this.text(url, signal), url));
    if (parsed.success) return parsed.data;
    throw new SourceError(`${SOURCE} answered ${url} in a form that is not known`, undefined, {
      cause: parsed.error,
    });
  }

  private get dataUrl(): string {
    return this.options.dataUrl ?? 'https://data.sec.gov';
  }

  private get wwwUrl(): string {
    return this.options.wwwUrl ?? 'https://www.sec.gov';
  }

  /** Spaces the requests of this process out. */
  private async turn(): Promise<void> {
    const now = Date.now();
    const at = Math.max(now, this.next);
    this.next = at + MS_BETWEEN;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  }
}

const SOURCE = 'SEC EDGAR';

/** Who does not say who they are is answered 403. */
function explain(error: unknown): never {
  if (error instanceof SourceError && error.status === 403)
    throw new SourceError(
      `${SOURCE} refused the request (403): set EDGAR_USER_AGENT to your name and e-mail address`,
      403,
      {
        cause: error,
      },
    );
  throw error;
}

function tenDigits(cik: number): string {
  return String(cik).padStart(10, '0');
}

function parse(body: string, url: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (cause) {
    throw new SourceError(`${SOURCE} did not answer ${url} with JSON`, undefined, { cause });
  }
}
