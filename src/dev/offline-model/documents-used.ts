import type { Context } from './conversation.js';
import { weightOf } from './facts.js';
import { isProse } from './passages.js';

/** A document that has this much less to do with the question than the best one was not used. */
const RELATIVE_FLOOR = 0.4;

/** What a document is called by: the first of these that it has. */
const HANDLES = [/^id$/i, /(?:_id|Id)$/, /^(key|path|url|uri|link|source|file|title|name)$/i];

/** The ids of the texts that were found, else given, those that answer the question first; of an element with an id, its own. */
export function documentsUsed({ facts, question }: Context): string[] {
  const own = facts.find(({ source, path }) => source === 'item' && path.length === 1 && path[0] === 'id');
  if (typeof own?.value === 'string') return [own.value];
  const documents = new Map<object, { id: string; looked: boolean; relevance: number }>();
  for (const { source, path, record, value } of facts) {
    const isText = typeof value === 'string' && isProse(value);
    if (!isText || documents.has(record.value) || (source !== 'tool' && path.length < 2)) continue;
    const entries = Object.entries(record.value).filter(
      ([, part]) => typeof part === 'string' && part !== '',
    );
    const [id] = HANDLES.flatMap((handle) => entries.filter(([key]) => handle.test(key)));
    const relevance = weightOf(record.terms, question);
    if (id && relevance > 0)
      documents.set(record.value, { id: String(id[1]), looked: source === 'tool', relevance });
  }
  const all = [...documents.values()];
  const found = all.some(({ looked }) => looked) ? all.filter(({ looked }) => looked) : all;
  const ranked = found.sort((a, b) => b.relevance - a.relevance);
  const floor = RELATIVE_FLOOR * (ranked[0]?.relevance ?? 0);
  return [...new Set(ranked.filter(({ relevance }) => relevance >= floor).map(({ id }) => id))];
}
