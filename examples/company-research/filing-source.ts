import type { Filing, FilingQuery } from './filing.js';

/** A reported figure, with the words of its source. */
export interface Figure {
  id: string;
  company: string;
  period: string;
  /** Null where the source has no pages. */
  page: number | null;
  label: string;
  url: string | null;
  text: string;
}

/** Where filings come from: the user's folder, or the SEC. */
export interface FilingSource {
  /** The filings that may be of a company. @throws an Error where there is none */
  filingsOf(company: string, signal: AbortSignal): Promise<readonly Filing[]>;
  /** A filing that was found before. */
  filing(id: string, signal: AbortSignal): Promise<Filing | undefined>;
  /** Figures whose names have to do with the query. */
  figures(query: FilingQuery, limit: number, signal: AbortSignal): Promise<Figure[]>;
}
