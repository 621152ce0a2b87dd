/** Who decided on a question; `queued` waits for people, and `failed` nobody could be asked. */
export const ROUTES = ['cheap', 'expensive', 'person', 'queued', 'failed'] as const;
export type Route = (typeof ROUTES)[number];

/** What became of one question. Categories are named by their places. */
export interface Outcome {
  /** What the data says; absent where it is not labelled. */
  expected?: number;
  /** The category that was decided on. */
  given?: number;
  route: Route;
  /** What the cheap agent alone would have said. */
  first?: number;
  /** US dollars: its share of the model calls that it was in. */
  usd: number;
}

export interface RouteTally {
  questions: number;
  /** Those that were decided and are labelled in the data. */
  labelled: number;
  /** Those of them that were decided as labelled. */
  right: number;
  usd: number;
}

/** Sums over questions. Those of parts can be added up. */
export interface Tally {
  routes: Record<Route, RouteTally>;
  /** The cheap agent by itself, over all questions that it had an answer to. */
  cheapAlone: RouteTally;
  /** How often a category was expected and another given: by `expected>given`. */
  confused: Record<string, number>;
}

export function emptyTally(): Tally {
  const none = (): RouteTally => ({ questions: 0, labelled: 0, right: 0, usd: 0 });
  return {
    routes: { cheap: none(), expensive: none(), person: none(), queued: none(), failed: none() },
    cheapAlone: none(),
    confused: {},
  };
}

export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const tally = emptyTally();
  for (const { expected, given, first, route, usd } of outcomes) {
    count(tally.routes[route], expected, given, usd);
    if (first !== undefined) count(tally.cheapAlone, expected, first, 0);
    if (expected === undefined || given === undefined) continue;
    const pair = `${expected}>${given}`;
    tally.confused[pair] = (tally.confused[pair] ?? 0) + 1;
  }
  return tally;
}

function count(sum: RouteTally, expected: number | undefined, given: number | undefined, usd: number): void {
  sum.questions += 1;
  sum.usd += usd;
  if (expected === undefined || given === undefined) return;
  sum.labelled += 1;
  if (expected === given) sum.right += 1;
}

/** Adds a part's sums to those of the whole. */
export function addTally(whole: Tally, part: Tally): void {
  for (const route of ROUTES) add(whole.routes[route], part.routes[route]);
  add(whole.cheapAlone, part.cheapAlone);
  for (const [pair, times] of Object.entries(part.confused))
    whole.confused[pair] = (whole.confused[pair] ?? 0) + times;
}

function add(whole: RouteTally, part: RouteTally): void {
  whole.questions += part.questions;
  whole.labelled += part.labelled;
  whole.right += part.right;
  whole.usd += part.usd;
}
