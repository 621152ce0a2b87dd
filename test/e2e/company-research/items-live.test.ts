import { ApplicationFailure } from '@temporalio/common';
import type { Item } from '../../../examples/company-research/item.js';
import { searchNews, searchPosts } from '../../../examples/company-research/tools.js';
import { startLocalSources, type Answer, type LocalSources } from './local-sources.js';
import { call, withSettings } from './tool-call.js';

let server: LocalSources | undefined;
afterEach(async () => server?.stop());

const RSS = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Outdoor news</title>
<item><title>Tarnwhistle opens a shop</title><link>https://news.example/1</link><guid isPermaLink="false">77001</guid>
<pubDate>Tue, 10 Nov 2026 08:00:00 GMT</pubDate><dc:creator>A. Writer</dc:creator>
<description>&lt;p&gt;The shop of Tarnwhistle &amp;amp; friends opens &lt;b&gt;today&lt;/b&gt;.&lt;/p&gt;</description></item>
<item><title>Another firm</title><link>https://news.example/2</link><description>Nothing on it.</description></item>
<item><title><![CDATA[Tents <em>and</em> stoves]]></title><link>https://news.example/3</link>
<content:encoded><![CDATA[<p>Stoves of Tarnwhistle sell well.</p>]]></content:encoded></item>
</channel></rss>`;
const ATOM = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Posts</title>
<entry><title type="html">Why I like &lt;i&gt;Tarnwhistle&lt;/i&gt;</title><id>urn:post:5</id>
<link rel="self" href="https://posts.example/self"/><link href="https://posts.example/5"/>
<updated>2026-11-09T10:00:00Z</updated><author><name>hiker</name></author><summary>The tent holds.</summary></entry></feed>`;

async function fromFeeds(feeds: Record<string, Answer>, query = 'shop'): Promise<Item[]> {
  server = await startLocalSources(() => feeds);
  const urls = Object.keys(feeds).map((path) => `${server?.url}${path}`);
  return withSettings(
    { COMPANY_RESEARCH_NEWS: 'feeds', COMPANY_RESEARCH_NEWS_FEEDS: urls.join(' ') },
    async () => (await call<{ articles: Item[] }>(searchNews, { company: 'Tarnwhistle', query })).articles,
  );
}

describe('feeds', () => {
  it('give what names the company out of RSS, as text', async () => {
    expect(await fromFeeds({ '/rss': { body: RSS, gzip: true } })).toEqual([
      {
        id: '77001',
        date: '2026-11-10',
        by: 'A. Writer',
        title: 'Tarnwhistle opens a shop',
        url: 'https://news.example/1',
        text: 'The shop of Tarnwhistle & friends opens today.',
      },
      {
        id: 'https://news.example/3',
        date: null,
        by: '127.0.0.1',
        title: 'Tents and stoves',
        url: 'https://news.example/3',
        text: 'Stoves of Tarnwhistle sell well.',
      },
    ]);
  });

  it('give Atom as well', async () => {
    expect(await fromFeeds({ '/atom': ATOM })).toEqual([
      {
        id: 'urn:post:5',
        date: '2026-11-09',
        by: 'hiker',
        title: 'Why I like Tarnwhistle',
        url: 'https://posts.example/5',
        text: 'The tent holds.',
      },
    ]);
  });

  it('are followed to where they have moved', async () => {
    server = await startLocalSources((url) => ({
      '/old': { status: 301, headers: { location: `${url}/new` } },
      '/new': RSS,
    }));
    const settings = { COMPANY_RESEARCH_NEWS: 'feeds', COMPANY_RESEARCH_NEWS_FEEDS: `${server.url}/old` };
    const { articles } = await withSettings(settings, () =>
      call<{ articles: Item[] }>(searchNews, { company: 'Tarnwhistle', query: 'shop' }),
    );
    expect(articles).toHaveLength(2);
  });

  it('may be empty', async () => {
    expect(await fromFeeds({ '/rss': '<rss version="2.0"><channel></channel></rss>' })).toEqual([]);
    await server?.stop();
    expect(
      await fromFeeds({ '/rss': '<rss version="2.0"><channel><title>T</title></channel></rss>' }),
    ).toEqual([]);
  });

  it('are used as far as they answer', async () => {
    expect(
      await fromFeeds({ '/rss': RSS, '/gone': { status: 410 }, '/broken': '<rss><channel>' }),
    ).toHaveLength(2);
  });

  it.each<[string, Answer, RegExp]>([
    ['XML that is broken', '<rss><channel><item></channel></rss>', /is no XML: .* \(line 1\)/],
    ['a page of HTML', '<html><body>Hello</body></html>', /is neither RSS nor Atom/],
    ['404', { status: 404 }, /answered 404/],
  ])('say what is wrong: %s', async (_, answer, message) => {
    await expect(fromFeeds({ '/rss': answer })).rejects.toThrow(message);
  });
});

const FOUND = {
  web: {
    results: [
      {
        title: '<strong>Tarnwhistle</strong> tents',
        url: 'https://www.reddit.com/r/camping/9',
        description: 'I like <strong>Tarnwhistle</strong> &amp; its tents.',
        extra_snippets: ['The poles are weak.'],
        page_age: '2026-11-01T12:00:00',
        profile: { name: 'Reddit' },
      },
    ],
  },
};

async function fromWeb(answer: Answer, tool = searchPosts): Promise<Item[]> {
  server = await startLocalSources(() => ({ '/res/v1/web/search': answer }));
  const settings = {
    COMPANY_RESEARCH_POSTS: 'web',
    COMPANY_RESEARCH_NEWS: 'web',
    BRAVE_API_KEY: 'secret',
    BRAVE_URL: `${server.url}/res/v1`,
  };
  const found = await withSettings(settings, () =>
    call<Record<string, Item[]>>(tool, { company: 'Tarnwhistle', query: 'tents' }),
  );
  return Object.values(found)[0] ?? [];
}

describe('the web search', () => {
  it('gives excerpts of pages, asked with the key', async () => {
    expect(await fromWeb({ body: JSON.stringify(FOUND), gzip: true })).toEqual([
      {
        id: 'https://www.reddit.com/r/camping/9',
        date: '2026-11-01',
        by: 'Reddit',
        title: 'Tarnwhistle tents',
        url: 'https://www.reddit.com/r/camping/9',
        text: 'I like Tarnwhistle & its tents. … The poles are weak.',
      },
    ]);
    expect(server?.headers[0]?.['x-subscription-token']).toBe('secret');
    const { searchParams } = new URL(server?.asked[0] ?? '', 'http://x');
    expect(searchParams.get('q')).toBe('"Tarnwhistle" tents site:reddit.com OR site:news.ycombinator.com');
  });

  it('looks everywhere for news', async () => {
    await fromWeb(JSON.stringify(FOUND), searchNews);
    expect(new URL(server?.asked[0] ?? '', 'http://x').searchParams.get('q')).toBe('"Tarnwhistle" tents');
  });

  it('may find nothing', async () => {
    expect(await fromWeb('{"type":"search"}')).toEqual([]);
  });

  it.each<[string, Answer, RegExp]>([
    [
      'a wrong key',
      { status: 422, body: '{"error":{"code":"SUBSCRIPTION_TOKEN_INVALID"}}' },
      /see BRAVE_API_KEY/,
    ],
    ['a key that is not allowed', { status: 403 }, /see BRAVE_API_KEY/],
    ['what is no JSON', 'Hello', /did not answer with JSON/],
    ['another form', '{"web":{"results":[{}]}}', /in a form that is not known/],
  ])('says what is wrong: %s', async (_, answer, message) => {
    await expect(fromWeb(answer)).rejects.toThrow(message);
  });

  it('does not take the key to another address', async () => {
    const other = await startLocalSources(() => ({ '/': JSON.stringify(FOUND) }));
    const moved = { status: 302, headers: { location: `${other.url}/` } };
    await expect(fromWeb(moved)).rejects.toThrow(/has moved to http/);
    expect(other.asked).toEqual([]);
    await other.stop();
  });

  it('is asked again after 429 and 5xx', async () => {
    for (const status of [429, 500]) {
      await expect(fromWeb({ status })).rejects.toBeInstanceOf(ApplicationFailure);
      await server?.stop();
    }
  });
});
