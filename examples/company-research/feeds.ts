import { BatonError } from 'batonjs/agents';
import type * as fastXml from 'fast-xml-parser';
import { z } from 'zod';
import { get, SourceError } from './get.js';
import { plainText } from './html.js';
import { rankItems, type Item, type ItemQuery, type ItemSource } from './item.js';
import { Kept } from './kept.js';

const FIVE_MINUTES = 5 * 60 * 1000;

/**
 * Items of RSS 2.0 and Atom feeds.
 * Source: https://www.rssboard.org/rss-specification, https://www.rfc-editor.org/rfc/rfc4287
 */
export class Feeds implements ItemSource {
  private readonly kept = new Kept<Item[]>(FIVE_MINUTES, 100);

  constructor(private readonly urls: readonly string[]) {}

  /** A feed that does not answer is left out, as long as another one does. */
  async search(query: ItemQuery, limit: number, signal: AbortSignal): Promise<Item[]> {
    const feeds = await Promise.allSettled(
      this.urls.map((url) => this.kept.get(url, () => readFeed(url, signal))),
    );
    const items = feeds.flatMap((feed) => (feed.status === 'fulfilled' ? feed.value : []));
    const failed = feeds.find((feed) => feed.status === 'rejected');
    if (failed && feeds.every(({ status }) => status === 'rejected')) throw failed.reason;
    return rankItems(items, query, limit);
  }
}

const ACCEPT = 'application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9';

async function readFeed(url: string, signal: AbortSignal): Promise<Item[]> {
  const source = `the feed ${url}`;
  const xml = await get(url, { source, signal, headers: { accept: ACCEPT } });
  const { XMLParser, XMLValidator } = await loadXml();
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw new SourceError(`${source} is no XML: ${valid.err.msg} (line ${valid.err.line})`);
  // Numbers stay text: an id of digits is none.
  const parser = new XMLParser({
    ignoreAttributes: false,
    parseTagValue: false,
    removeNSPrefix: true,
    cdataPropName: CDATA,
    isArray: (name) => ['item', 'entry', 'link'].includes(name),
  });
  const parsed = Feed.safeParse(parser.parse(xml));
  if (!parsed.success) throw new SourceError(`${source} is neither RSS nor Atom`);
  return parsed.data.map((entry) => ({ ...entry, by: entry.by ?? new URL(url).hostname }));
}

async function loadXml(): Promise<typeof fastXml> {
  try {
    return await import('fast-xml-parser');
  } catch (cause) {
    throw new BatonError(
      'ConfigInvalid',
      'reading feeds needs the package fast-xml-parser: npm install fast-xml-parser@5',
      {
        cause,
      },
    );
  }
}

const CDATA = 'cdata';
const Cdata = z.union([z.string(), z.array(z.string()).transform((parts) => parts.join(''))]);
/** An element's text, whether it has attributes or CDATA or not. HTML in it is text with its marks escaped. */
const Text = z
  .union([z.string(), z.object({ '#text': z.string().optional(), [CDATA]: Cdata.optional() })])
  .transform((node) =>
    plainText(typeof node === 'string' ? node : `${node['#text'] ?? ''}${node[CDATA] ?? ''}`),
  )
  .optional()
  .catch(undefined);
const Link = z.union([z.string(), z.object({ '@_href': z.string(), '@_rel': z.string().optional() })]);
const Links = z.array(Link).catch([]);

const RssItem = z
  .object({
    title: Text,
    link: Links,
    guid: Text,
    description: Text,
    encoded: Text,
    pubDate: Text,
    creator: Text,
    source: Text,
  })
  .transform((item) =>
    itemOf(item, item.guid, item.pubDate, item.source ?? item.creator, item.encoded ?? item.description),
  );
const AtomEntry = z
  .object({
    title: Text,
    link: Links,
    id: Text,
    updated: Text,
    published: Text,
    summary: Text,
    content: Text,
    author: z.object({ name: Text }).optional().catch(undefined),
  })
  .transform((entry) =>
    itemOf(
      entry,
      entry.id,
      entry.published ?? entry.updated,
      entry.author?.name,
      entry.content ?? entry.summary,
    ),
  );

const Feed = z.union([
  z
    .object({ rss: z.object({ channel: z.object({ item: z.array(RssItem).default([]) }) }) })
    .transform((feed) => feed.rss.channel.item),
  // An empty channel or feed has no element that tells it from text.
  z.object({ rss: z.object({ channel: z.literal('') }) }).transform((): Item[] => []),
  z.object({ feed: z.object({ entry: z.array(AtomEntry).default([]) }) }).transform(({ feed }) => feed.entry),
]);

function itemOf(
  { title, link }: { title?: string | undefined; link: z.output<typeof Links> },
  id: string | undefined,
  date: string | undefined,
  by: string | undefined,
  text: string | undefined,
): Item {
  const [url = null] = link.flatMap((one) =>
    typeof one === 'string'
      ? [one.trim()]
      : (one['@_rel'] ?? 'alternate') === 'alternate'
        ? [one['@_href']]
        : [],
  );
  return {
    id: id || url || (title ?? ''),
    date: dayOf(date),
    by: by ?? null,
    title: title ?? null,
    url,
    text: text || (title ?? ''),
  };
}

function dayOf(date: string | undefined): string | null {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
}
