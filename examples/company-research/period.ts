/** Which of a company's filings is meant: a quarter, a year, or the newest. */
export type Period = { kind: 'latest' } | { kind: 'of'; quarter?: number; year?: number };

const QUARTER = /\bQ([1-4])\b|\b(first|second|third|fourth) quarter\b/i;
const ORDINALS = ['first', 'second', 'third', 'fourth'];
const YEAR = /(?<!\d)(19|20)\d{2}(?!\d)/;

/** Reads `Q2 2023`, `second quarter of 2023`, `2023`, `2023-Q2`, `latest`; undefined where a text says none of them. */
export function periodIn(text: string): Period | undefined {
  const [, digit, ordinal] = QUARTER.exec(text.replaceAll(/[_-]/g, ' ')) ?? [];
  const year = YEAR.exec(text)?.[0];
  const quarter = digit ?? (ordinal && ORDINALS.indexOf(ordinal.toLowerCase()) + 1);
  if (quarter === undefined && year === undefined)
    return /\b(latest|newest|most recent|last|current)\b/i.test(text) ? { kind: 'latest' } : undefined;
  return {
    kind: 'of',
    ...(quarter === undefined ? {} : { quarter: Number(quarter) }),
    ...(year === undefined ? {} : { year: Number(year) }),
  };
}

/** When a filing is of. */
export interface Dated {
  quarter?: number;
  /** The year that the filing is counted to, which may be another than that of its last day. */
  year?: number;
  /** The last day of its period, as an ISO date. */
  ended?: string;
}

/** How a filing's period is written: `Q2 2023, ended 2023-07-30`. */
export function periodName({ quarter, year, ended }: Dated): string {
  const named = [quarter === undefined ? '' : `Q${quarter}`, year ?? ''].join(' ').trim();
  return [named, ended === undefined ? '' : `ended ${ended}`].filter(Boolean).join(', ') || 'no period given';
}

/** Of filings, the newest first, those of a period. */
export function ofPeriod<F extends Dated>(filings: readonly F[], period: Period | undefined): F[] {
  const newestFirst = [...filings].sort((a, b) => orderOf(b).localeCompare(orderOf(a)));
  switch (period?.kind) {
    case undefined:
      return newestFirst;
    case 'latest':
      return newestFirst.slice(0, 1);
    case 'of':
      return newestFirst.filter(
        ({ quarter, year, ended }) =>
          (period.quarter === undefined || quarter === period.quarter) &&
          (period.year === undefined || (year ?? Number(ended?.slice(0, 4))) === period.year),
      );
  }
}

function orderOf({ ended, year, quarter }: Dated): string {
  return ended ?? `${year ?? 0}-${String((quarter ?? 4) * 3).padStart(2, '0')}-99`;
}

/** The first day named as `July 1, 2023` in a text, as an ISO date. */
export function dayIn(text: string): string | undefined {
  const [, month = '', day = '', year = ''] = /([A-Z][a-z]{2})[a-z]* (\d{1,2}), ?(\d{4})/.exec(text) ?? [];
  const time = Date.parse(`${day} ${month} ${year} UTC`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10);
}
