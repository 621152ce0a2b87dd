import MiniSearch from 'minisearch';
import { mentions } from './company-name.js';
import { searchTerm } from './search-terms.js';

/** A news article, or what somebody posted. */
export interface Item {
  id: string;
  /** As an ISO date; null where the source gives none. */
  date: string | null;
  /** The publisher, or who posted it. */
  by: string | null;
  title: string | null;
  url: string | null;
  text: string;
}

export interface ItemQuery {
  company: string;
  query: string;
}

/** Where news or posts come from. */
export interface ItemSource {
  /** Items on a company, those that have most to do with the query first. @throws where the source does not answer */
  search(query: ItemQuery, limit: number, signal: AbortSignal): Promise<Item[]>;
}

/** Of the items that name the company, those that have most to do with the query, then the newest. */
export function rankItems(items: readonly Item[], { company, query }: ItemQuery, limit: number): Item[] {
  const own = items.filter(({ title, text }) => mentions(`${title ?? ''} ${text}`, company));
  const index = new MiniSearch<{ id: number; title: string; text: string }>({
    fields: ['title', 'text'],
    processTerm: searchTerm,
    searchOptions: { boost: { title: 1.5 } },
  });
  index.addAll(own.map(({ title, text }, id) => ({ id, title: title ?? '', text })));
  const found = index.search(query).flatMap(({ id }) => own[Number(id)] ?? []);
  const newest = [...own].sort((a, b) => (b.date ?? '').localeCompare(a.date ?? ''));
  return [...new Set([...found, ...newest])].slice(0, limit);
}
