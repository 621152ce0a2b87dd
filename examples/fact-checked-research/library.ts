import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import MiniSearch from 'minisearch';
import { readArticles, type Article } from './articles.js';

/** A part of an article that a search has found. */
export interface Passage {
  source: string;
  title: string;
  text: string;
}

/** A passage longer than this, in characters, is cut at the end of a paragraph. */
const PASSAGE_CHARS = 1200;

/** The articles, searched as full text: BM25 over titles and passages. */
export class Library {
  private readonly articles: ReadonlyMap<string, Article>;
  private readonly passages: readonly Passage[];
  /** A passage is known to the index by its place in `passages`. */
  private readonly index = new MiniSearch<Passage & { id: number }>({
    fields: ['title', 'text'],
    // Other forms of a word count too: turbine, turbines.
    searchOptions: { boost: { title: 2 }, prefix: isLong, fuzzy: (term) => (isLong(term) ? 0.15 : false) },
    processTerm: (term) => (COMMON.has(term.toLowerCase()) ? null : term.toLowerCase()),
  });

  constructor(articles: readonly Article[]) {
    this.articles = new Map(articles.map((article) => [article.source, article]));
    this.passages = articles.flatMap(({ source, title, text }) =>
      passagesOf(text).map((passage) => ({ source, title, text: passage })),
    );
    this.index.addAll(this.passages.map((passage, id) => ({ id, ...passage })));
  }

  /** The best passage of each article that has to do with the query, the best article first. */
  search(query: string, limit: number): Passage[] {
    const best = new Map<string, Passage>();
    for (const { id } of this.index.search(query)) {
      const passage = this.passages[Number(id)];
      if (passage && !best.has(passage.source)) best.set(passage.source, passage);
      if (best.size === limit) break;
    }
    return [...best.values()];
  }

  read(source: string): Article | undefined {
    return this.articles.get(source);
  }

  get size(): number {
    return this.articles.size;
  }
}

const COMMON = new Set(
  `a about an and any are as at be been by can did do does for from had has have how if in is it its many may much my no
  not of on one or our should so than that the their them there they this to was we were what when where which who why
  will with you your`.split(/\s+/),
);

function isLong(term: string): boolean {
  return term.length > 4;
}

function passagesOf(text: string): string[] {
  const passages: string[] = [];
  for (const paragraph of text.split(/\n\s*\n/).map((part) => part.trim())) {
    const last = passages.at(-1);
    if (last !== undefined && last.length + paragraph.length + 2 <= PASSAGE_CHARS)
      passages[passages.length - 1] = `${last}\n\n${paragraph}`;
    else if (paragraph !== '') passages.push(paragraph);
  }
  return passages;
}

const ARTICLES = fileURLToPath(new URL('./data/articles', import.meta.url));
const loaded = new Map<string, Promise<Library>>();

/**
 * The example's articles or, where `RESEARCH_DATA` names a folder, the user's. Read at the first use.
 * @throws BatonError `ConfigInvalid`
 */
export function library(): Promise<Library> {
  const folder = resolve(process.env.RESEARCH_DATA || ARTICLES);
  const known = loaded.get(folder);
  if (known) return known;
  const loading = readArticles(folder).then((articles) => new Library(articles));
  loaded.set(folder, loading);
  // What could not be read may be mended: the next use tries again.
  loading.catch(() => loaded.delete(folder));
  return loading;
}
