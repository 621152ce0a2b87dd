import { ApplicationFailure, defineQuery, proxyActivities, setHandler } from '@temporalio/workflow';
import { asChild, mapAll, type Missing } from 'batonjs/workflow';
import type * as activities from './activities.js';
import type { Plan } from './activities.js';
import type { Answering } from './classify.js';
import { evaluate, type Evaluation } from './evaluation.js';
import { routePage, type RoutedPage } from './route-page.js';
import type { RoutingInput } from './routing-input.js';
import { addTally, emptyTally, ROUTES, type Route } from './tally.js';

const { planRouting } = proxyActivities<typeof activities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 5 },
});

/** How far a run is. */
export interface Progress {
  done: number;
  questions: number;
  routes: Record<Route, number>;
  usd: number;
}

/** What a run over all questions comes to. */
export interface Routing extends Evaluation {
  data: string;
  questions: number;
  answering: Answering;
  /** The names of what `decisions` and `edgeCases` give by its place. */
  labels: string[];
  routeNames: readonly Route[];
  /** For each question in the file's order: its category, -1 where none was decided on, and its route. */
  decisions: [category: number, route: number][];
  /** What people are to decide: the line of each question, and the categories that come into question. */
  edgeCases: number[][];
  /** What could not be routed, by the kind of failure: the first one's message, and the lines. */
  failed: { code: string; message: string; lines: number[] }[];
  /** Pages of which nothing is known, since their child workflow failed: so many questions from so many on. */
  lost: { from: number; count: number; why: string }[];
}

/**
 * Routes every question of the data, and says how right the routes were against its labels, and what they cost. The query
 * `progress` tells how far it is.
 */
export async function routeAll(input: RoutingInput): Promise<Routing> {
  const results = new Results();
  setHandler(defineQuery('progress'), () => results.progress);
  const plan = await planRouting(input);
  results.questions = plan.questions;
  const { pages, people, accept, pagesAtOnce } = plan;
  const inputs = pages.map((page) => ({ page, people, accept }));
  const { missing } = await mapAll(inputs, asChild(routePage), {
    concurrency: pagesAtOnce,
    need: 'bestEffort',
    // Each page in a batch of its own has its share of the run's budget, where there is one.
    inline: 0,
    batch: 1,
    // Called as each page comes, which is when the progress changes.
    accept: (routed, { page }) => results.add(pages.indexOf(page), routed),
  });
  return results.routing(plan, missing);
}

class Results {
  /** How many there are to be; 0 until that is known. */
  questions = 0;
  private readonly pages: RoutedPage[] = [];
  private readonly tally = emptyTally();

  add(place: number, page: RoutedPage): true {
    this.pages[place] = page;
    addTally(this.tally, page.tally);
    return true;
  }

  get progress(): Progress {
    const { routes } = this.tally;
    const count = (route: Route) => routes[route].questions;
    return {
      done: ROUTES.reduce((sum, route) => sum + count(route), 0),
      questions: this.questions,
      routes: {
        cheap: count('cheap'),
        expensive: count('expensive'),
        person: count('person'),
        queued: count('queued'),
        failed: count('failed'),
      },
      usd: ROUTES.reduce((sum, route) => sum + routes[route].usd, 0),
    };
  }

  /** @throws the first failure, where nothing at all was routed */
  routing({ data, questions, labels, pages }: Plan, missing: readonly Missing[]): Routing {
    const there = this.pages.filter((page) => page !== undefined);
    const failed = groupFailures(there);
    if (failed.length > 0 || missing.length > 0) {
      const { done, routes } = this.progress;
      const [first] = [...failed, ...missing];
      if (first && done === routes.failed) throw ApplicationFailure.nonRetryable(first.message, first.code);
    }
    const answering: Answering = { sorter: {}, expert: {}, offline: false };
    for (const page of there) addAnswering(answering, page.answering);
    return {
      data: data.name,
      questions,
      answering,
      ...evaluate(this.tally, labels),
      labels,
      routeNames: ROUTES,
      decisions: pages.flatMap(
        ({ count }, place) =>
          this.pages[place]?.decisions ??
          Array.from({ length: count }, (): [number, number] => [-1, ROUTES.indexOf('failed')]),
      ),
      edgeCases: there.flatMap(({ edgeCases }) => edgeCases),
      failed,
      lost: missing.map(({ name, code, message }) => {
        const { from = 0, count = 0 } = pages[Number(name)] ?? {};
        return { from, count, why: `${code}: ${message}` };
      }),
    };
  }
}

function addAnswering(whole: Answering, part: Answering): void {
  for (const agent of ['sorter', 'expert'] as const) {
    for (const [model, calls] of Object.entries(part[agent]))
      whole[agent][model] = (whole[agent][model] ?? 0) + calls;
  }
  whole.offline ||= part.offline;
}

/** The failures of one kind are told once, by the first of them. */
function groupFailures(pages: readonly RoutedPage[]): Routing['failed'] {
  const groups = new Map<string, Routing['failed'][number]>();
  for (const { line, code, message } of pages.flatMap(({ failed }) => failed)) {
    const group = groups.get(code) ?? { code, message, lines: [] };
    group.lines.push(line);
    groups.set(code, group);
  }
  return [...groups.values()];
}
