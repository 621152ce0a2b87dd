import type { Context } from './conversation.js';
import type { Passage } from './passages.js';
import { terms } from './words.js';

export interface ExtractOptions {
  /** How many sentences at most. */
  limit: number;
  /** What they should be about, instead of what the user asked. */
  about?: string;
  /** Only sentences that have something to do with it; else the first ones, where none has. */
  onlyRelevant?: boolean;
}

/** A sentence much weaker than the best one adds nothing to it. */
const RELATIVE_FLOOR = 0.3;
/** Headings, list items and records share words with a question without saying anything. */
const FORM_WEIGHT = { sentence: 1, fragment: 0.5, record: 0.2 };
/** How much less the second of a list of results counts than the first, and so on. */
const PER_RANK = 0.25;

/**
 * The sentences of a conversation that have most to do with the question, in the order in which they stand.
 * They come from the list element at hand, else from what tools and given material say, else from the user's
 * own words. Ranked by shared terms, each weighted by how rare it is in this conversation (tf-idf).
 */
export function extract(context: Context, { limit, about, onlyRelevant = false }: ExtractOptions): string[] {
  const question = about === undefined ? context.question : new Map(terms(about).map((term) => [term, 1]));
  const pools = [
    context.passages.filter(({ source }) => source === 'item'),
    context.passages.filter(({ source }) => source === 'tool' || source === 'material'),
    context.passages.filter(({ source }) => source === 'user'),
  ];
  for (const pool of pools) {
    const best = rank(pool, question).slice(0, limit);
    if (best.length > 0)
      return inOrder(
        best.map(({ passage }) => passage),
        pool,
      );
  }
  if (onlyRelevant) return [];
  const first = pools.find((pool) => pool.length > 0) ?? [];
  return inOrder(first.slice(0, limit), first);
}

interface Ranked {
  passage: Passage;
  score: number;
}

function rank(pool: readonly Passage[], question: ReadonlyMap<string, number>): Ranked[] {
  const rarity = rarityIn(pool);
  const ranked = pool
    .map((passage) => ({ passage, score: scoreOf(passage, question, rarity) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const floor = (ranked[0]?.score ?? 0) * RELATIVE_FLOOR;
  const said = new Set<string>();
  return ranked.filter(({ passage, score }) => {
    const isNew = score >= floor && !said.has(passage.text);
    said.add(passage.text);
    return isNew;
  });
}

function scoreOf(
  passage: Passage,
  question: ReadonlyMap<string, number>,
  rarity: (term: string) => number,
): number {
  const own = new Set(passage.terms);
  let score = 0;
  for (const term of own) score += Math.min(question.get(term) ?? 0, 2) * rarity(term);
  const placed = FORM_WEIGHT[passage.form] / (1 + PER_RANK * passage.rank);
  return (score * placed) / Math.sqrt(8 + own.size);
}

/** Inverse document frequency over the sentences of one pool. */
export function rarityIn(pool: readonly Pick<Passage, 'terms'>[]): (term: string) => number {
  const frequency = new Map<string, number>();
  for (const { terms } of pool) {
    for (const term of new Set(terms)) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  return (term) => Math.log(1 + pool.length / (frequency.get(term) ?? 1));
}

function inOrder(chosen: Passage[], pool: readonly Passage[]): string[] {
  return [...chosen].sort((a, b) => pool.indexOf(a) - pool.indexOf(b)).map(({ text }) => text);
}
