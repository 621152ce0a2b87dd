import { z } from 'zod';
import { get, SourceError } from './get.js';
import { plainText } from './html.js';
import type { Item, ItemQuery, ItemSource } from './item.js';

const Answer = z.object({
  web: z
    .object({
      results: z.array(
        z.object({
          title: z.string(),
          url: z.string(),
          description: z.string().default(''),
          extra_snippets: z.array(z.string()).default([]),
          /** When the page is from, as an ISO time. */
          page_age: z.string().optional(),
          profile: z.object({ name: z.string() }).optional(),
        }),
      ),
    })
    // Absent where nothing was found.
    .optional(),
});

export interface WebSearchOptions {
  /** The API's address, ending in `/res/v1`. */
  baseUrl: string;
  key: string;
  /** Only pages of these sites. Default: any. */
  sites?: readonly string[];
}

/** A query is at most so long: 400 characters, 50 words. */
const MAX_CHARS = 400;
const MAX_WORDS = 50;
const MAX_RESULTS = 20;

/**
 * Brave's web search. What is quoted of a page is the search's excerpt.
 * Source: https://api-dashboard.search.brave.com/app/documentation/web-search/get-started
 */
export class WebSearch implements ItemSource {
  constructor(private readonly options: WebSearchOptions) {}

  async search({ company, query }: ItemQuery, limit: number, signal: AbortSignal): Promise<Item[]> {
    const { baseUrl, key, sites = [] } = this.options;
    const only = sites.map((site) => `site:${site}`).join(' OR ');
    const wanted = `"${company.replaceAll('"', '')}" ${query}`
      .split(/\s+/)
      .slice(0, MAX_WORDS - 2 * sites.length);
    const url = new URL(`${baseUrl}/web/search`);
    url.searchParams.set('q', `${wanted.join(' ').slice(0, MAX_CHARS - only.length - 1)} ${only}`.trim());
    url.searchParams.set('count', String(Math.min(limit, MAX_RESULTS)));
    const headers = { accept: 'application/json', 'x-subscription-token': key };
    const body = await get(String(url), { source: SOURCE, headers, signal, follow: false }).catch(explain);
    const answer = Answer.safeParse(parse(body));
    if (!answer.success) throw new SourceError(`${SOURCE} answered in a form that is not known`);
    return (answer.data.web?.results ?? []).slice(0, limit).map((result) => ({
      id: result.url,
      date: result.page_age?.slice(0, 10) ?? null,
      by: result.profile?.name ?? new URL(result.url).hostname,
      title: plainText(result.title),
      url: result.url,
      text: plainText([result.description, ...result.extra_snippets].join(' … ')),
    }));
  }
}

const SOURCE = 'the web search';

/** A wrong key is answered with 401 or, by its own check of the header, with 422. */
function explain(error: unknown): never {
  if (error instanceof SourceError && [401, 403, 422].includes(error.status ?? 0))
    throw new SourceError(
      `${SOURCE} refused the key or the query (${error.status}): see BRAVE_API_KEY`,
      error.status,
      {
        cause: error,
      },
    );
  throw error;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (cause) {
    throw new SourceError(`${SOURCE} did not answer with JSON`, undefined, { cause });
  }
}
