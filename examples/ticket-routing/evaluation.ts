import { ROUTES, type Route, type RouteTally, type Tally } from './tally.js';

/** How a route did. */
export interface RouteScore {
  questions: number;
  /** Of those that were decided and are labelled, the share that was decided as labelled; null where there are none. */
  accuracy: number | null;
  /** Questions that the accuracy is over. */
  labelled: number;
  /** US dollars. */
  usd: number;
}

/** A category whose questions were often taken for another's. */
export interface Confusion {
  label: string;
  /** Its questions that were decided, and those of them that were decided right. */
  questions: number;
  right: number;
  /** What most of the others were taken for, and how many. */
  takenFor: string;
  times: number;
}

export interface Evaluation {
  routes: Record<Route, RouteScore>;
  /** All that agents decided, on both routes. */
  agents: RouteScore;
  /** US dollars, over all routes. */
  usd: number;
  /** What the cheap agent alone would have reached, without routes. */
  cheapAlone: RouteScore;
  /** The categories with the most wrong decisions, the worst first. */
  worst: Confusion[];
}

const WORST = 8;

/** What the sums say. The labels are those of the categories, in order. */
export function evaluate(tally: Tally, labels: readonly string[]): Evaluation {
  const { cheap, expensive, person, queued, failed } = tally.routes;
  const both: RouteTally = {
    questions: cheap.questions + expensive.questions,
    labelled: cheap.labelled + expensive.labelled,
    right: cheap.right + expensive.right,
    usd: cheap.usd + expensive.usd,
  };
  return {
    routes: {
      cheap: scoreOf(cheap),
      expensive: scoreOf(expensive),
      person: scoreOf(person),
      queued: scoreOf(queued),
      failed: scoreOf(failed),
    },
    agents: scoreOf(both),
    usd: ROUTES.reduce((usd, route) => usd + tally.routes[route].usd, 0),
    cheapAlone: scoreOf(tally.cheapAlone),
    worst: worstOf(tally.confused, labels),
  };
}

function scoreOf({ questions, labelled, right, usd }: RouteTally): RouteScore {
  return { questions, labelled, accuracy: labelled === 0 ? null : right / labelled, usd };
}

function worstOf(confused: Tally['confused'], labels: readonly string[]): Confusion[] {
  const rows = new Map<number, Map<number, number>>();
  for (const [pair, times] of Object.entries(confused)) {
    const [expected = 0, given = 0] = pair.split('>').map(Number);
    rows.set(expected, (rows.get(expected) ?? new Map<number, number>()).set(given, times));
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .flatMap(([expected, given]): Confusion[] => {
      const questions = [...given.values()].reduce((sum, times) => sum + times, 0);
      const [most] = [...given]
        .filter(([place]) => place !== expected)
        .sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      if (!most) return [];
      return [
        {
          label: labels[expected] ?? String(expected),
          questions,
          right: given.get(expected) ?? 0,
          takenFor: labels[most[0]] ?? String(most[0]),
          times: most[1],
        },
      ];
    })
    .sort((a, b) => b.questions - b.right - (a.questions - a.right))
    .slice(0, WORST);
}
