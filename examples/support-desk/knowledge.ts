import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import MiniSearch from 'minisearch';
import { readDocuments, type Document } from './documents.js';
import { passagesOf } from './passages.js';
import { searchTerm } from './search-terms.js';

/** A part of an article that a search has found; `id` is the article's. */
export interface Passage {
  id: string;
  title: string;
  text: string;
}

/** The documents that the desk answers from, searched as full text: BM25 over titles and passages. */
export class Knowledge {
  private readonly documents: ReadonlyMap<string, Document>;
  private readonly passages: readonly Passage[];
  /** A passage is known to the index by its place in `passages`. */
  private readonly index = new MiniSearch<{ id: number; title: string; text: string }>({
    fields: ['title', 'text'],
    processTerm: searchTerm,
    searchOptions: { boost: { title: 2 } },
  });

  constructor(documents: readonly Document[]) {
    this.documents = new Map(documents.map((document) => [document.id, document]));
    this.passages = documents.flatMap(passagesIn);
    this.index.addAll(this.passages.map(({ title, text }, id) => ({ id, title, text })));
  }

  /** The best passage of each article that has to do with the query, the best article first. */
  search(query: string, limit: number): Passage[] {
    const best = new Map<string, Passage>();
    for (const { id: place } of this.index.search(query)) {
      const passage = this.passages[Number(place)];
      if (passage && !best.has(passage.id)) best.set(passage.id, passage);
      if (best.size === limit) break;
    }
    return [...best.values()];
  }

  /** The whole document. */
  read(id: string): Document | undefined {
    return this.documents.get(id);
  }

  get size(): number {
    return this.documents.size;
  }
}

function passagesIn({ id, title, content }: Document): Passage[] {
  const passages = passagesOf(content);
  return (passages.length > 0 ? passages : [title]).map((text) => ({ id, title, text }));
}

const ARTICLES = fileURLToPath(new URL('./data/articles', import.meta.url));
const loaded = new Map<string, Promise<Knowledge>>();

/**
 * The example's articles or, where `SUPPORT_DESK_KB` names a folder or file, the user's own documents. Read at the first
 * use.
 * @throws BatonError `ConfigInvalid`
 */
export function knowledge(): Promise<Knowledge> {
  const path = resolve(process.env.SUPPORT_DESK_KB || ARTICLES);
  const known = loaded.get(path);
  if (known) return known;
  const loading = readDocuments(path).then((documents) => new Knowledge(documents));
  loaded.set(path, loading);
  // What could not be read may be mended: the next use tries again.
  loading.catch(() => loaded.delete(path));
  return loading;
}
