import { ApplicationFailure } from '@temporalio/common';
import type { FilingPassage } from '../../../examples/company-research/filing.js';
import type { Figure } from '../../../examples/company-research/filing-source.js';
import { findFigures, readFilingPage, searchFilings } from '../../../examples/company-research/tools.js';
import { startLocalSources, type Answer, type LocalSources } from './local-sources.js';
import { call, withSettings } from './tool-call.js';

/** The shapes of the SEC's answers, with a company that does not exist. */
const TICKERS = {
  '0': { cik_str: 4711, ticker: 'TNWH', title: 'Tarnwhistle Outdoor Corp' },
  '1': { cik_str: 12, ticker: 'OTHR', title: 'Other Inc.' },
};
const SUBMISSIONS = {
  cik: '4711',
  name: 'TARNWHISTLE OUTDOOR CORP',
  tickers: ['TNWH'],
  filings: {
    recent: {
      accessionNumber: ['0004711000-26-000030', '0004711000-26-000029', '0004711000-26-000020'],
      form: ['10-Q', '8-K', '10-Q'],
      reportDate: ['2026-06-30', '', '2026-03-31'],
      filingDate: ['2026-08-05', '2026-07-01', '2026-05-06'],
      primaryDocument: ['tnwh-q2.htm', 'tnwh-8k.htm', 'tnwh-q1.htm'],
    },
    files: [],
  },
};
const fact = (accn: string, fp: string, end: string, val: number, start?: string) => ({
  ...(start === undefined ? {} : { start }),
  ...{ end, val, accn, fy: 2026, fp, form: '10-Q', filed: '2026-08-05' },
});
const FACTS = {
  cik: 4711,
  entityName: 'TARNWHISTLE OUTDOOR CORP',
  facts: {
    'us-gaap': {
      RevenueFromContractWithCustomerExcludingAssessedTax: {
        label: 'Revenue from Contract with Customer, Excluding Assessed Tax',
        description: 'Amount of revenue recognized from goods sold and services rendered.',
        units: {
          USD: [
            fact('0004711000-26-000020', 'Q1', '2026-03-31', 7_100_000, '2026-01-01'),
            fact('0004711000-26-000030', 'Q2', '2025-06-30', 7_900_000, '2025-04-01'),
            fact('0004711000-26-000030', 'Q2', '2026-06-30', 9_250_000, '2026-04-01'),
          ],
        },
      },
      InventoryNet: {
        label: 'Inventory, Net',
        description: null,
        units: { USD: [fact('0004711000-26-000030', 'Q2', '2026-06-30', 3_400_000)] },
      },
    },
  },
};
const DOCUMENT = `<?xml version="1.0"?><html><head><title>tnwh</title></head><body>
<ix:header><ix:hidden>not to be read</ix:hidden></ix:header>
<p>Tarnwhistle&#160;Outdoor Corp sells tents &amp; stoves.</p><hr style="page-break-after:always"/>
<p>Revenue rose 17% as tents were bought early. The   wet
spring helped.</p><table><tr><td>Revenue</td><td>$</td><td>9,250</td><td>(2</td><td>)%</td></tr></table></body></html>`;

const routes: Record<string, Answer> = {
  '/files/company_tickers.json': { body: JSON.stringify(TICKERS), gzip: true },
  '/submissions/CIK0000004711.json': { body: JSON.stringify(SUBMISSIONS), gzip: true },
  '/api/xbrl/companyfacts/CIK0000004711.json': JSON.stringify(FACTS),
  '/Archives/edgar/data/4711/000471100026000030/tnwh-q2.htm': DOCUMENT,
  '/Archives/edgar/data/4711/000471100026000020/tnwh-q1.htm': '<p>Revenue was flat.</p>',
};

let server: LocalSources | undefined;
afterEach(async () => server?.stop());

/** Runs a piece of work with the SEC's address at a local server. */
async function atSec<T>(own: Record<string, Answer>, work: () => Promise<T>): Promise<T> {
  await server?.stop();
  server = await startLocalSources(() => ({ ...routes, ...own }));
  const settings = {
    COMPANY_RESEARCH_FILINGS: 'edgar',
    EDGAR_USER_AGENT: 'Tarnwhistle research@example.com',
    EDGAR_DATA_URL: server.url,
    EDGAR_WWW_URL: server.url,
  };
  return withSettings(settings, work);
}

const search = (period: string | null = null, company = 'Tarnwhistle') =>
  call<{ passages: FilingPassage[] }>(searchFilings, { company, query: 'revenue', period });

describe('filings at the SEC', () => {
  it('are searched like those on file, with their address', async () => {
    const { passages } = await atSec({}, () => search('Q2 2026'));
    expect(passages[0]).toEqual({
      id: '4711/0004711000-26-000030',
      company: 'TARNWHISTLE OUTDOOR CORP',
      period: 'Q2 2026, ended 2026-06-30',
      page: 2,
      section: expect.any(String),
      url: `${server?.url}/Archives/edgar/data/4711/000471100026000030/tnwh-q2.htm`,
      text: 'Revenue rose 17% as tents were bought early. The wet spring helped.\n\nRevenue  $9,250  (2)%',
    });
    expect(server?.headers.every((sent) => sent['user-agent'] === 'Tarnwhistle research@example.com')).toBe(
      true,
    );
  });

  it('are reports only, the newest first, and each is asked for once', async () => {
    await atSec({}, async () => {
      const { passages } = await search();
      expect(passages.map(({ id }) => id)).toEqual([
        '4711/0004711000-26-000030',
        '4711/0004711000-26-000020',
      ]);
      await search(null, 'tnwh');
    });
    expect(new Set(server?.asked).size).toBe(server?.asked.length);
  });

  it('are read by the page', async () => {
    const page = await atSec({}, () =>
      call<{ text: string }>(readFilingPage, { id: '4711/0004711000-26-000030', page: 1 }),
    );
    expect(page.text).toBe('Tarnwhistle Outdoor Corp sells tents & stoves.');
    await expect(atSec({}, () => call(readFilingPage, { id: '../../etc', page: 1 }))).rejects.toThrow(
      'there is no filing',
    );
  });

  it('give figures out of what is reported as XBRL, for the filing’s own period', async () => {
    const { figures } = await atSec({}, () =>
      call<{ figures: Figure[] }>(findFigures, { company: 'TNWH', query: 'revenue', period: 'latest' }),
    );
    expect(figures).toEqual([
      expect.objectContaining({
        page: null,
        label: 'Revenue from Contract with Customer, Excluding Assessed Tax',
        text: expect.stringMatching(/: 9,250,000 USD, 2026-04-01 to 2026-06-30 \(10-Q filed 2026-08-05\)$/),
      }),
    ]);
  });

  it('say who is not known there', async () => {
    await expect(atSec({}, () => search(null, 'Umbrella Makers'))).rejects.toThrow(
      'is not among the companies',
    );
  });
});

describe('the SEC, where it does not answer', () => {
  const submissions = (answer: Answer) => ({ '/submissions/CIK0000004711.json': answer });

  it.each<[string, Answer, RegExp]>([
    [
      '403, as without a User-Agent',
      { status: 403, body: '<html>Undeclared Automated Tool</html>' },
      /set EDGAR_USER_AGENT/,
    ],
    ['404', { status: 404 }, /answered 404/],
    ['no JSON', '<html>Maintenance</html>', /did not answer .* with JSON/],
    ['another form', '{"name":1}', /in a form that is not known/],
    ['429 with a long wait', { status: 429, headers: { 'retry-after': '600' } }, /come back in 600 s/],
  ])('says so at %s, and is not asked again', async (_, answer, message) => {
    const failed = await atSec(submissions(answer), () => search()).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(failed).not.toBeInstanceOf(ApplicationFailure);
    expect((failed as Error).message).toMatch(message);
  });

  it.each<[string, Answer, number | undefined]>([
    ['429', { status: 429, headers: { 'retry-after': '7' } }, 7000],
    ['429 without a time', { status: 429 }, undefined],
    ['503', { status: 503 }, undefined],
    ['a lost connection', { reset: true }, undefined],
  ])('is asked again after %s', async (_, answer, delay) => {
    const failed = await atSec(submissions(answer), () => search()).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ApplicationFailure);
    const { nonRetryable, nextRetryDelay } = failed as ApplicationFailure;
    expect(nonRetryable).toBeFalsy();
    expect(nextRetryDelay ?? undefined).toBe(delay);
  });

  it('is given up when the call is', async () => {
    const controller = new AbortController();
    const given = atSec(submissions({ hang: true }), async () => {
      const asked = call(searchFilings, { company: 'TNWH', query: 'x', period: null }, controller.signal);
      while (!server?.asked.includes('/submissions/CIK0000004711.json'))
        await new Promise((go) => setTimeout(go, 5));
      controller.abort(new Error('cancelled'));
      return asked;
    });
    await expect(given).rejects.toThrow('cancelled');
  });
});
