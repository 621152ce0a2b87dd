import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatonError } from 'batonjs/agents';
import { z } from 'zod';
import { Edgar } from './edgar.js';
import { Feeds } from './feeds.js';
import type { FilingSource } from './filing-source.js';
import { FilingsOnFile } from './filings-on-file.js';
import type { ItemSource } from './item.js';
import { ItemsOnFile } from './items-on-file.js';
import { WebSearch } from './web-search.js';

/** Where the tools look. The tools are the same whichever it is. */
export interface Sources {
  filings: FilingSource;
  news: ItemSource;
  posts: ItemSource;
}

const OWN_DATA = fileURLToPath(new URL('./data', import.meta.url));

/** Several, with spaces between them. */
const Several = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean));

const Settings = z.object({
  COMPANY_RESEARCH_DATA: z.string().default(OWN_DATA),
  COMPANY_RESEARCH_FILINGS: z.enum(['files', 'edgar']).default('files'),
  COMPANY_RESEARCH_NEWS: z.enum(['files', 'feeds', 'web']).default('files'),
  COMPANY_RESEARCH_POSTS: z.enum(['files', 'feeds', 'web']).default('files'),
  COMPANY_RESEARCH_NEWS_FEEDS: Several.pipe(z.array(z.url())).optional(),
  COMPANY_RESEARCH_POST_FEEDS: Several.pipe(z.array(z.url())).optional(),
  COMPANY_RESEARCH_POST_SITES: Several.default(['reddit.com', 'news.ycombinator.com']),
  EDGAR_USER_AGENT: z
    .string()
    .regex(/\S+@\S+/, 'needs an e-mail address, as in "Example Ltd research@example.com"')
    .optional(),
  EDGAR_DATA_URL: z.url().default('https://data.sec.gov'),
  EDGAR_WWW_URL: z.url().default('https://www.sec.gov'),
  BRAVE_API_KEY: z.string().optional(),
  BRAVE_URL: z.url().default('https://api.search.brave.com/res/v1'),
});
type Settings = z.infer<typeof Settings>;

/** What was chosen is kept: sources hold what they have read. */
const opened = new Map<string, Sources>();

/**
 * The sources that the environment chooses; see README.md for the variables. Without any: the files of the example.
 * @throws BatonError `ConfigInvalid`
 */
export function sources(): Sources {
  // A variable that is set to nothing is not set.
  const given = Object.entries(process.env).filter(([name, value]) => name in Settings.shape && value !== '');
  const key = JSON.stringify(given.sort());
  const known = opened.get(key);
  if (known) return known;
  const parsed = Settings.safeParse(Object.fromEntries(given));
  if (!parsed.success)
    invalid(parsed.error.issues.map(({ path, message }) => `${path[0]?.toString()}: ${message}`).join('; '));
  const chosen = {
    filings: filingsBy(parsed.data),
    news: itemsBy('NEWS', parsed.data),
    posts: itemsBy('POSTS', parsed.data),
  };
  opened.set(key, chosen);
  return chosen;
}

function filingsBy(settings: Settings): FilingSource {
  switch (settings.COMPANY_RESEARCH_FILINGS) {
    case 'files':
      return new FilingsOnFile(join(resolve(settings.COMPANY_RESEARCH_DATA), 'filings'));
    case 'edgar': {
      const userAgent =
        settings.EDGAR_USER_AGENT ??
        missing('EDGAR_USER_AGENT', 'your name and e-mail address, which the SEC wants');
      return new Edgar({ userAgent, dataUrl: settings.EDGAR_DATA_URL, wwwUrl: settings.EDGAR_WWW_URL });
    }
  }
}

function itemsBy(kind: 'NEWS' | 'POSTS', settings: Settings): ItemSource {
  const isNews = kind === 'NEWS';
  switch (settings[`COMPANY_RESEARCH_${kind}`]) {
    case 'files':
      return new ItemsOnFile(
        join(resolve(settings.COMPANY_RESEARCH_DATA), isNews ? 'news.jsonl' : 'posts.jsonl'),
      );
    case 'feeds': {
      const name = isNews ? 'COMPANY_RESEARCH_NEWS_FEEDS' : 'COMPANY_RESEARCH_POST_FEEDS';
      return new Feeds(settings[name] ?? missing(name, 'the addresses of RSS or Atom feeds'));
    }
    case 'web':
      return new WebSearch({
        baseUrl: settings.BRAVE_URL,
        key: settings.BRAVE_API_KEY ?? missing('BRAVE_API_KEY', 'a key of the Brave Search API'),
        ...(isNews ? {} : { sites: settings.COMPANY_RESEARCH_POST_SITES }),
      });
  }
}

function missing(name: string, what: string): never {
  return invalid(`${name} is not set: ${what}`);
}

function invalid(message: string): never {
  throw new BatonError('ConfigInvalid', message);
}
