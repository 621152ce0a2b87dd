import MiniSearch from 'minisearch';
import {
  isFrontMatter,
  partsOf,
  rowsIn,
  withoutRunningHeads,
  withWholeSentences,
  type Row,
} from './passages.js';
import { searchTerm, searchTerms } from './search-terms.js';

/** A part of a page of a filing. */
export interface PagePassage {
  /** From 1. */
  page: number;
  heading: string;
  text: string;
}

/**
 * Full-text search in one filing. A question for a figure shares few words with the table that has it, and many with pages of
 * prose on the subject; so rows of tables are searched by themselves, and the results of both take turns.
 */
export class FilingIndex {
  private readonly passages: readonly PagePassage[];
  private readonly tableRows: readonly TableRow[];
  private readonly prose = textIndex();
  private readonly labels = textIndex();

  /** As they are read; running heads and broken lines are left out. */
  readonly pages: readonly string[];

  constructor(pages: readonly string[]) {
    this.pages = withoutRunningHeads(pages).map(withWholeSentences);
    this.passages = this.pages.flatMap((text, index) =>
      (isFrontMatter(text) ? [] : partsOf(text)).map((part) => ({ page: index + 1, ...part })),
    );
    this.tableRows = this.passages.flatMap(({ text }, passage) =>
      rowsIn(text).map((row) => ({ passage, ...row })),
    );
    this.prose.addAll(this.passages.map(({ text }, id) => ({ id, text })));
    this.labels.addAll(this.tableRows.map(({ label }, id) => ({ id, text: label })));
  }

  /** Passages that have to do with the query, the best first. */
  search(query: string): PagePassage[] {
    const terms = searchTerms(query);
    const inTables = find(this.labels, terms).map((row) => this.tableRows[row]?.passage ?? -1);
    const found = new Set(takingTurns([...new Set(inTables)], find(this.prose, terms)));
    return [...found].flatMap((place) => this.passages[place] ?? []);
  }

  /** Rows of tables whose labels have to do with the query, the best first, under the head of their table. */
  rows(query: string): { page: number; label: string; text: string }[] {
    return find(this.labels, searchTerms(query)).flatMap((place) => {
      const row = this.tableRows[place];
      const passage = row && this.passages[row.passage];
      return row && passage
        ? [{ page: passage.page, label: row.label, text: `${row.head}\n${row.line}` }]
        : [];
    });
  }
}

type TextIndex = MiniSearch<{ id: number; text: string }>;

interface TableRow extends Row {
  /** Its place among the passages. */
  passage: number;
}

function textIndex(): TextIndex {
  return new MiniSearch({ fields: ['text'], tokenize, processTerm: searchTerm });
}

/** Numbers of the documents, the best first. Each has a few of the terms; the rarer ones count more (BM25). */
function find(index: TextIndex, terms: ReadonlyMap<string, number>): number[] {
  const found = index.search([...terms.keys()].join(' '), {
    // The terms are as the index has them already.
    tokenize: (query) => query.split(' '),
    processTerm: (term) => term,
    boostTerm: (term) => terms.get(term) ?? 1,
  });
  return found.map(({ id }) => Number(id));
}

function tokenize(text: string): string[] {
  return text.split(/[^\p{L}\p{N}&.,%'’-]+|[.,](?!\d)|-/u).filter(Boolean);
}

/** One of the first, one of the second, and so on. */
export function takingTurns<T>(...lists: readonly (readonly T[])[]): T[] {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
