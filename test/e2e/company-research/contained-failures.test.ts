import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Desk, Report } from '../../../examples/company-research/report.js';
import type { ResearchRequest } from '../../../examples/company-research/research-request.js';
import { startScriptedModel, type Reply, type ScriptEntry } from '../../../src/testing/index.js';
import { modelsAt, withResearch } from './company.js';
import { startLocalSources } from './local-sources.js';
import { withSettings } from './tool-call.js';

const OWN = fileURLToPath(new URL('../../../examples/company-research/data', import.meta.url));
const INSTRUCTIONS = {
  financials: 'You answer questions on a company from its filings',
  news: 'You answer questions on a company from news articles',
  opinion: 'You find out what people think',
  coordinator: 'You combine what several desks have found',
};
const request = { company: 'Quillmark', question: 'How did the margin and the recall go?' };

const MARGIN = {
  finding: 'Gross margin fell to 46.5%.',
  id: '2026-Q3-QLMK',
  page: 4,
  text: 'Gross margin fell to 46.5% of revenue, from 51.1% a year before',
};
const RECALL = {
  finding: 'The recall began in August.',
  id: 'N-03',
  text: 'Quillmark Instruments recalls 11,400 battery packs',
};
const SWAP = {
  finding: 'A user got a new pack in nine days.',
  id: 'P-02',
  text: 'Quillmark sent a new one in nine days',
};

/** Answers an agent's first request with calls, and those after with what it says then. */
function desk(
  agent: keyof typeof INSTRUCTIONS,
  calls: { tool: string; args: unknown }[],
  then: Reply,
): ScriptEntry[] {
  const isOf = (messages: { role: string; content?: unknown }[]) =>
    String(messages[0]?.content).startsWith(INSTRUCTIONS[agent]);
  const isFirst = (messages: { role: string }[]) => !messages.some(({ role }) => role === 'tool');
  return [
    { when: ({ messages }) => isOf(messages) && isFirst(messages), times: Infinity, reply: { calls } },
    { when: ({ messages }) => isOf(messages) && !isFirst(messages), times: Infinity, reply: then },
  ];
}

const query = 'gross margin';
const company = 'Quillmark';
const filings = [{ tool: 'searchFilings', args: { company, query, period: 'latest' } }];
const articles = [{ tool: 'searchNews', args: { company, query: 'recall' } }];
const posts = [{ tool: 'searchPosts', args: { company, query: 'TideWatch pack' } }];
const financials = desk('financials', filings, { json: { findings: [MARGIN] } });
const news = desk('news', articles, { json: { findings: [RECALL] } });
const opinion = desk('opinion', posts, { json: { findings: [SWAP] } });
const always = (agent: keyof typeof INSTRUCTIONS, reply: Reply): ScriptEntry => ({
  when: INSTRUCTIONS[agent],
  times: Infinity,
  reply,
});
const none = { conflicts: [], points: [] };
const combines = always('coordinator', {
  json: { answer: { finding: 'The margin fell to 46.5%.', sources: ['financials-1'] }, ...none },
});
const refused: Reply = { status: 401, body: { error: { message: 'no such key' } } };

async function research(script: ScriptEntry[], more: Partial<ResearchRequest> = {}) {
  const model = await startScriptedModel(...script);
  const report = await withResearch(modelsAt(model.url), async (baton) => {
    const { id } = await baton.start('companyResearch', { ...request, ...more });
    return baton.run<Report>(id).result();
  });
  await model.stop();
  const told = model.requests
    .filter(({ messages }) => String(messages[0]?.content).startsWith(INSTRUCTIONS.coordinator))
    .map(({ messages }) => JSON.stringify(messages.at(-1)));
  return { report, told: told.at(-1) };
}

const desksIn = ({ answer, points }: Report): Desk[] => [
  ...new Set(
    [...(answer ? [answer] : []), ...points].flatMap(({ sources }) => sources.map((source) => source.desk)),
  ),
];

describe('companyResearch, where all goes well', () => {
  it('gives each statement with the passage that it rests on', async () => {
    const points = [
      {
        finding: 'The recall began in August, and one user had a new pack in nine days.',
        sources: ['news-2', 'opinion-3'],
      },
    ];
    const answer = { finding: 'The margin fell to 46.5%.', sources: ['financials-1'] };
    const { report } = await research([
      ...[...financials, ...news, ...opinion],
      always('coordinator', { json: { answer, points, conflicts: [] } }),
    ]);
    expect(report).toMatchObject({ ...request, missing: [], notes: [], conflicts: [] });
    expect(report.answer).toEqual({
      text: 'The margin fell to 46.5%.',
      sources: [
        {
          desk: 'financials',
          id: '2026-Q3-QLMK',
          title: 'Quillmark Instruments Inc., Q3 2026, ended 2026-09-30',
          page: 4,
          date: null,
          url: null,
          quote: MARGIN.text,
        },
      ],
    });
    expect(report.points[0]?.sources.map(({ desk, id, url }) => [desk, id, url])).toEqual([
      ['news', 'N-03', 'https://news.example/2026-08-19/quillmark-recalls-tidewatch-batteries'],
      ['opinion', 'P-02', 'https://posts.example/tidepool/102'],
    ]);
  });
});

describe('companyResearch, where a desk fails', () => {
  it('goes on without an agent that fails, and says so', async () => {
    const { report, told } = await research([...financials, always('news', refused), ...opinion, combines]);
    expect(report.missing).toEqual([{ desk: 'news', code: 'Unauthorized', why: expect.any(String) }]);
    expect(report.answer?.text).toBe('The margin fell to 46.5%.');
    expect(JSON.parse(told ?? '').content).toContain('"missing":["news"]');
    expect(told).not.toContain(RECALL.finding);
  });

  it('goes on without a source that is not there, whatever its agent says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-research-'));
    await withSettings({ COMPANY_RESEARCH_DATA: folder }, async () => {
      const { report, told } = await research([...financials, ...news, ...opinion]);
      expect(report).toMatchObject({ answer: null, points: [] });
      expect(report.missing.map(({ desk, code }) => [desk, code]).sort()).toEqual([
        ['financials', 'SourceFailed'],
        ['news', 'SourceFailed'],
        ['opinion', 'SourceFailed'],
      ]);
      expect(report.missing.map(({ why }) => why).join('\n')).toMatch(
        /searchNews failed: the file .*news\.jsonl is not there/,
      );
      expect(told).toBeUndefined();
    });
  });

  it('goes on without a desk that hangs past its time', async () => {
    const { report } = await research([...financials, ...news, always('opinion', { hang: true }), combines], {
      patienceSeconds: 12,
    });
    expect(report.missing).toEqual([{ desk: 'opinion', code: 'TimedOut', why: expect.any(String) }]);
    expect(desksIn(report)).toEqual(['financials']);
  });

  it('reports that nothing is there where all fail', async () => {
    const { report, told } = await research(
      (['financials', 'news', 'opinion'] as const).map((agent) => always(agent, refused)),
    );
    expect(report).toMatchObject({ ...request, answer: null, points: [], conflicts: [], notes: [] });
    expect(report.missing.map(({ desk }) => desk).sort()).toEqual(['financials', 'news', 'opinion']);
    expect(told).toBeUndefined();
  });

  it('gives the findings as they are where nobody combines them', async () => {
    const { report } = await research([...financials, ...news, ...opinion, always('coordinator', refused)]);
    expect(report.answer).toBeNull();
    expect(report.points.map(({ text }) => text)).toEqual([MARGIN.finding, RECALL.finding, SWAP.finding]);
    expect(report.notes).toEqual([expect.stringMatching(/^combining the findings failed \(Unauthorized\)/)]);
  });

  it('names a company that nobody knows as not found', async () => {
    const unknown = { company: 'Umbrella Makers', query: 'rain' };
    const { report } = await research([
      ...desk('financials', [{ tool: 'searchFilings', args: { ...unknown, period: null } }], {
        json: { findings: [] },
      }),
      ...desk('news', [{ tool: 'searchNews', args: unknown }], { json: { findings: [] } }),
      ...desk('opinion', [{ tool: 'searchPosts', args: unknown }], { json: { findings: [] } }),
    ]);
    expect(report.missing.map(({ desk, code }) => [desk, code]).sort()).toEqual([
      ['financials', 'SourceFailed'],
      ['news', 'NothingFound'],
      ['opinion', 'NothingFound'],
    ]);
  });
});

describe('what agents say that their sources do not', () => {
  it.each([
    ['a source that no tool gave', { ...MARGIN, id: '2026-Q9-QLMK' }, 'its source does not say it'],
    ['a page that no tool gave', { ...MARGIN, page: 3 }, 'its source does not say it'],
    [
      'a quote that is not there',
      { ...MARGIN, text: 'Gross margin rose to 99% of revenue' },
      'its source does not say it',
    ],
    ['a quote of nothing', { ...MARGIN, text: 'a' }, 'its source does not say it'],
    ['another figure', { ...MARGIN, finding: 'Gross margin fell to 41.7%.' }, 'its source has no 41.7'],
  ])('is left out: %s', async (_, wrong, why) => {
    const { report, told } = await research([
      ...desk('financials', filings, { json: { findings: [wrong, MARGIN] } }),
      ...[...news, ...opinion, combines],
    ]);
    expect(report.notes).toEqual([`financials: left out, since ${why}: ${wrong.finding}`]);
    expect(told?.match(/Gross margin/g)).toHaveLength(1);
  });

  it.each([
    ['no finding', { finding: 'The shares will rise.', sources: [] }, 'it names no finding'],
    [
      'a finding of a missing desk',
      { finding: 'People are pleased.', sources: ['opinion-1'] },
      'it names no finding',
    ],
    ['a figure of its own', { finding: 'The margin was 12.5%.', sources: ['financials-1'] }, 'have no 12.5'],
  ])('is left out of the report: %s', async (_, point, why) => {
    const answer = { finding: 'The margin fell.', sources: ['financials-1'] };
    const { report } = await research([
      ...[...financials, ...news, always('opinion', refused)],
      always('coordinator', { json: { answer, points: [point], conflicts: [] } }),
    ]);
    expect(report.points).toEqual([]);
    expect(report.notes).toEqual([expect.stringContaining(why)]);
    expect(desksIn(report)).toEqual(['financials']);
  });
});

describe('companyResearch on live sources', () => {
  it('waits as long as a source asks it to, and names one that stays down', async () => {
    const page = {
      title: 'Quillmark',
      url: 'https://reddit.com/1',
      description: 'Quillmark sent a new one in nine days',
    };
    const server = await startLocalSources(() => ({
      '/res/v1/web/search': (_, nth) =>
        nth === 1
          ? { status: 429, headers: { 'retry-after': '1' } }
          : JSON.stringify({ web: { results: [page] } }),
      '/feed': { status: 503 },
    }));
    const settings = {
      COMPANY_RESEARCH_DATA: OWN,
      COMPANY_RESEARCH_POSTS: 'web',
      BRAVE_API_KEY: 'secret',
      BRAVE_URL: `${server.url}/res/v1`,
      COMPANY_RESEARCH_NEWS: 'feeds',
      COMPANY_RESEARCH_NEWS_FEEDS: `${server.url}/feed`,
    };
    const said = { ...SWAP, id: 'https://reddit.com/1' };
    const { report } = await withSettings(settings, () =>
      research([...financials, ...news, ...desk('opinion', posts, { json: { findings: [said] } }), combines]),
    );
    expect(server.asked.filter((path) => path.startsWith('/res/'))).toHaveLength(2);
    expect(server.asked.filter((path) => path === '/feed')).toHaveLength(3);
    expect(report.missing).toEqual([
      {
        desk: 'news',
        code: 'SourceFailed',
        why: expect.stringMatching(/^searchNews failed: the feed .* answered 503$/),
      },
    ]);
    expect(report.notes).toEqual([]);
    await server.stop();
  });
});
