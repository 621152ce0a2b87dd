import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo } from '../../../examples/company-research/demo.js';
import type { FilingPassage } from '../../../examples/company-research/filing.js';
import type { Figure } from '../../../examples/company-research/filing-source.js';
import type { Item } from '../../../examples/company-research/item.js';
import {
  findFigures,
  readFilingPage,
  searchFilings,
  searchNews,
  searchPosts,
} from '../../../examples/company-research/tools.js';
import { call, withSettings } from './tool-call.js';

const OWN = fileURLToPath(new URL('../../../examples/company-research/data/', import.meta.url));

const passagesOn = async (query: string, period: string | null = null, company = 'Quillmark') =>
  (await call<{ passages: FilingPassage[] }>(searchFilings, { company, query, period })).passages;
const figuresOn = async (query: string, period: string | null = null, company = 'QLMK') =>
  (await call<{ figures: Figure[] }>(findFigures, { company, query, period })).figures;

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-research-'));
  await mkdir(join(folder, 'filings'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

describe('filings on file', () => {
  it('gives passages with company, period and page', async () => {
    const found = await passagesOn('Why did the gross margin fall?', 'Q3 2026');
    expect(found.slice(0, 2)).toContainEqual({
      id: '2026-Q3-QLMK',
      company: 'Quillmark Instruments Inc.',
      period: 'Q3 2026, ended 2026-09-30',
      page: 4,
      section: expect.stringContaining("MANAGEMENT'S DISCUSSION AND ANALYSIS"),
      url: null,
      text: expect.stringContaining('Gross margin fell to 46.5% of revenue'),
    });
  });

  it('puts the broken lines of a paragraph together', async () => {
    const texts = (await passagesOn('second supplier of optical modules')).map(({ text }) => text).join('\n');
    expect(texts).toContain(
      'A second supplier for them was approved in September and is to deliver from January 2027.',
    );
  });

  it.each([
    ['latest', ['2026-Q3-QLMK']],
    ['Q2 2026', ['2026-Q2-QLMK']],
    ['second quarter of 2026', ['2026-Q2-QLMK']],
    ['2026', ['2026-Q3-QLMK', '2026-Q2-QLMK']],
    [null, ['2026-Q3-QLMK', '2026-Q2-QLMK']],
  ])('searches the filings of the period %s', async (period, ids) => {
    const found = await passagesOn('revenue', period);
    expect([...new Set(found.map(({ id }) => id))]).toEqual(ids);
  });

  it('takes the quarter from the query where no period is given', async () => {
    const found = await passagesOn('total revenue in Q2 2026');
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(['2026-Q2-QLMK']));
  });

  it.each(['Quillmark Instruments Inc.', 'quillmark', 'QLMK', "Quillmark's"])(
    'knows the company as %s',
    async (company) => {
      expect((await passagesOn('revenue', 'latest', company))[0]?.id).toBe('2026-Q3-QLMK');
    },
  );

  it('says which companies and periods there are', async () => {
    await expect(passagesOn('revenue', null, 'Larkmoor')).rejects.toThrow(
      'there is no filing of Larkmoor; there is: Quillmark Instruments Inc.; Nettlebrook Foods Corp.',
    );
    await expect(passagesOn('revenue', 'Q1 2020')).rejects.toThrow(
      'there is no filing of Quillmark for Q1 2020; there is: Q2 2026, ended 2026-06-30; Q3 2026, ended 2026-09-30',
    );
  });

  it('finds figures by their name, under the head of their table', async () => {
    const [newest, before] = await figuresOn('net income');
    expect(newest).toMatchObject({ id: '2026-Q3-QLMK', page: 2, label: 'Net income' });
    expect(newest?.text).toContain('(In thousands, except per share amounts)');
    expect(newest?.text).toContain('September 30, 2026  September 30, 2025');
    expect(newest?.text).toMatch(/Net income {2}\$2,430 {2}\$5,370$/);
    expect(before?.text).toContain('Net income  $5,180  $4,450');
  });

  it('reads a page that was found, and no other', async () => {
    const page = await call<{ text: string }>(readFilingPage, { id: '2026-Q3-NTBK', page: 5 });
    expect(page.text).toContain('the fictional Larkmoor Dairy, sued');
    await expect(call(readFilingPage, { id: '2026-Q3-NTBK', page: 9 })).rejects.toThrow('has 5 pages');
    await expect(call(readFilingPage, { id: '../secret', page: 1 })).rejects.toThrow(
      'there is no filing "../secret"',
    );
  });

  it('says which file cannot be read', async () => {
    const folder = await folderWith({ 'filings/broken.pdf': 'no PDF at all' });
    await withSettings({ COMPANY_RESEARCH_DATA: folder }, () =>
      expect(passagesOn('revenue')).rejects.toThrow(/broken\.pdf cannot be read: /),
    );
  });

  it('takes a name without a cover from the file, and reads what was added meanwhile', async () => {
    const folder = await folderWith({});
    await withSettings({ COMPANY_RESEARCH_DATA: folder }, async () => {
      await expect(passagesOn('revenue')).rejects.toThrow(/has no PDF files/);
      await cp(join(OWN, 'filings/2026-Q2-QLMK.pdf'), join(folder, 'filings/Some_Firm-2024-Q1.pdf'));
      expect((await passagesOn('revenue', 'Q1 2024', 'Some Firm'))[0]?.id).toBe('Some_Firm-2024-Q1');
    });
  });
});

describe('news and posts on file', () => {
  const news = async (company: string, query: string) =>
    (await call<{ articles: Item[] }>(searchNews, { company, query })).articles;
  const posts = async (company: string, query: string) =>
    (await call<{ posts: Item[] }>(searchPosts, { company, query })).posts;

  it('gives what names the company, the best first', async () => {
    const found = await news('Quillmark Instruments Inc.', 'recall of batteries');
    expect(found[0]).toMatchObject({ id: 'N-03', date: '2026-08-19', by: 'Sensor Weekly (fictional)' });
    expect(found.map(({ id }) => id)).not.toContain('N-07');
    expect((await posts('Nettlebrook Foods', 'barista')).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['P-09', 'P-11']),
    );
  });

  it('gives nothing on companies that nobody speaks of', async () => {
    expect(await posts('Umbrella Makers', 'rain')).toEqual([]);
  });

  it('says what is not there, and which line is wrong', async () => {
    const folder = await folderWith({ 'posts.jsonl': '{"id":1,"text":"Fine."}\n\n{"id":2}\n' });
    await withSettings({ COMPANY_RESEARCH_DATA: folder }, async () => {
      await expect(news('Quillmark', 'x')).rejects.toThrow(/the file .*news\.jsonl is not there/);
      await expect(posts('Quillmark', 'x')).rejects.toThrow(/posts\.jsonl:3: text: /);
    });
  });
});

describe('the demo', () => {
  afterEach(() => {
    delete process.env.COMPANY_RESEARCH_DATA;
  });

  it("takes the user's folder, and refuses one that is not there", async () => {
    const folder = await folderWith({ 'news.jsonl': '{"id":"a","text":"Acme Rockets flies."}' });
    demo.configure({ data: folder });
    const { articles } = await call<{ articles: Item[] }>(searchNews, {
      company: 'Acme Rockets',
      query: 'flight',
    });
    expect(articles).toMatchObject([{ id: 'a', date: null, title: null }]);
    expect(() => demo.configure({ data: join(folder, 'none') })).toThrow(/does not exist/);
  });

  it('reads a request, and says what is wrong with it', () => {
    expect(demo.parse('{"company":"Acme","question":"How are they?"}')).toEqual({
      company: 'Acme',
      question: 'How are they?',
    });
    expect(() => demo.parse('{"company":" "}')).toThrow(/company: is empty; question: /);
    expect(() => demo.parse('{')).toThrow(/not valid JSON/);
  });
});

describe('the settings', () => {
  it.each([
    [{ COMPANY_RESEARCH_FILINGS: 'edgar' }, 'EDGAR_USER_AGENT is not set'],
    [
      { COMPANY_RESEARCH_FILINGS: 'edgar', EDGAR_USER_AGENT: 'me' },
      'EDGAR_USER_AGENT: needs an e-mail address',
    ],
    [{ COMPANY_RESEARCH_NEWS: 'feeds' }, 'COMPANY_RESEARCH_NEWS_FEEDS is not set'],
    [{ COMPANY_RESEARCH_POSTS: 'web' }, 'BRAVE_API_KEY is not set'],
    [{ COMPANY_RESEARCH_NEWS: 'telepathy' }, 'COMPANY_RESEARCH_NEWS: '],
  ])('are refused where they are wrong: %j', async (settings, message) => {
    await withSettings(settings as unknown as Record<string, string>, () =>
      expect(call(searchNews, { company: 'x', query: 'x' })).rejects.toMatchObject({
        code: 'ConfigInvalid',
        message: expect.stringContaining(message),
      }),
    );
  });
});
