import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { BatonError } from 'batonjs/agents';
import { FilingIndex, takingTurns } from './filing-index.js';
import { filingsFor, of, withoutNames, type Filing, type FilingQuery } from './filing.js';
import type { Figure, FilingSource } from './filing-source.js';
import { dayIn, periodIn, type Dated } from './period.js';
import { readPdf } from './pdf.js';

/** The PDF filings of a folder. */
export class FilingsOnFile implements FilingSource {
  private reading: Promise<Filing[]> | undefined;

  constructor(private readonly folder: string) {}

  /** @throws an Error where there is none, or one cannot be read */
  filings(): Promise<Filing[]> {
    this.reading ??= readFilings(this.folder);
    // What could not be read may be mended: the next use tries again.
    this.reading.catch(() => (this.reading = undefined));
    return this.reading;
  }

  async filing(id: string): Promise<Filing | undefined> {
    return (await this.filings()).find((filing) => filing.id === id);
  }

  async figures(query: FilingQuery, limit: number, signal: AbortSignal): Promise<Figure[]> {
    const filings = filingsFor(await this.filings(), query);
    const found = await Promise.all(
      filings.map(async (filing) => {
        const index = await filing.open(signal);
        return index
          .rows(withoutNames(query.query, [query.company, filing.company, ...filing.aliases]))
          .slice(0, limit)
          .map((row) => ({ ...of(filing), ...row }));
      }),
    );
    return takingTurns(...found).slice(0, limit);
  }

  filingsOf(): Promise<Filing[]> {
    return this.filings();
  }
}

async function readFilings(folder: string): Promise<Filing[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Error(`there are no filings: the folder ${folder} is not there`, { cause });
  });
  const files = names.filter((name) => extname(name).toLowerCase() === '.pdf').sort();
  if (files.length === 0)
    throw new Error(`there are no filings: the folder ${folder} has no PDF files in it`);
  const filings: Filing[] = [];
  // One after the other: a reader holds a whole file in memory.
  for (const name of files) filings.push(await readFiling(join(folder, name)));
  return filings;
}

async function readFiling(path: string): Promise<Filing> {
  const pages = await readPdf(path).catch((cause: unknown) => {
    if (cause instanceof BatonError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${path} cannot be read: ${reason}`, { cause });
  });
  const id = basename(path, extname(path));
  const index = new FilingIndex(pages);
  const cover = coverOf(pages[0] ?? '');
  // "2023-Q2-AAPL": what is left of the name without its period is a name of the company.
  const alias = id
    .replaceAll(/(?:19|20)\d{2}|\bQ[1-4]\b|\b10-?[KQ]\b|(?<=[_-])Q[1-4](?=[_-]|$)/gi, ' ')
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
  return {
    id,
    company: cover.company ?? alias,
    aliases: [alias, ...cover.tickers],
    url: null,
    ...whenOf(id, cover.ended),
    open: () => Promise.resolve(index),
  };
}

interface Cover {
  company: string | undefined;
  tickers: string[];
  ended: string | undefined;
}

/**
 * What the cover of a report to the SEC says, whose wording is prescribed.
 * Source: https://www.sec.gov/files/form10-q.pdf
 */
function coverOf(page: string): Cover {
  const lines = page
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const named = lines.findIndex((line) => /^\(Exact name of registrant/i.test(line));
  const ended = lines.find((line) => /\b(?:period|quarter|year) ended\b/i.test(line));
  const shares = lines.filter((line) => /^(Common Stock|Ordinary Shares)/i.test(line));
  return {
    company: named > 0 ? lines[named - 1] : undefined,
    tickers: shares.flatMap((line) => / {2,}([A-Z]{1,5})(?= {2,}|$)/.exec(line)?.[1] ?? []),
    ended: ended === undefined ? undefined : dayIn(ended),
  };
}

function whenOf(id: string, ended: string | undefined): Dated {
  const named = periodIn(id);
  return {
    ...(named?.kind === 'of' ? { ...named } : {}),
    ...(ended === undefined ? {} : { ended }),
  };
}
