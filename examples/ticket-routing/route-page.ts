import { proxyActivities } from '@temporalio/workflow';
import { mapAll } from 'batonjs/workflow';
import type { Accept } from './accept.js';
import type * as activities from './activities.js';
import type { Page } from './activities.js';
import { askPerson } from './ask-person.js';
import { classify, type Answering, type Asked, type Classified } from './classify.js';
import { ROUTES, tallyOf, type Outcome, type Tally } from './tally.js';

const { readPage, readCategories } = proxyActivities<typeof activities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 5 },
});

export interface PageInput {
  page: Page;
  people: 'ask' | 'queue';
  accept: Accept;
}

/** What became of a page. Categories and routes are named by their places, so that thousands of results stay small. */
export interface RoutedPage {
  tally: Tally;
  answering: Answering;
  /** For each question in order: its category, -1 where none was decided on, and its route. */
  decisions: [category: number, route: number][];
  /** Questions for people: the line of each, and the categories that come into question, the best first. */
  edgeCases: number[][];
  failed: { line: number; code: string; message: string }[];
}

/** Routes the questions of a page. */
export async function routePage({ page, people, accept }: PageInput): Promise<RoutedPage> {
  const [questions, categories] = await Promise.all([readPage(page), readCategories()]);
  const asked = questions.map(({ text }, i) => ({ n: i + 1, text }));
  const { classified, answering } = await classify(asked, categories, accept);
  const labels = categories.map(({ label }) => label);
  const decided = await mapAll(classified, (some) => decide(some, asked, people, labels));
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  const place = (label: string) => placeOf.get(label) ?? -1;

  const outcomes = decided.map(({ given, route, verdict }, i): Outcome => {
    const expected = questions[i]?.expected;
    return {
      ...(expected === undefined ? {} : { expected }),
      ...(given === undefined ? {} : { given: place(given) }),
      ...(verdict.first === undefined ? {} : { first: place(verdict.first) }),
      route,
      usd: verdict.usd,
    };
  });
  const lineOf = ({ n }: Classified) => questions[n - 1]?.line ?? 0;
  return {
    tally: tallyOf(outcomes),
    answering,
    decisions: outcomes.map(({ given = -1, route }) => [given, ROUTES.indexOf(route)]),
    edgeCases: decided.flatMap(({ route, verdict }) =>
      route === 'queued' && verdict.by === 'nobody'
        ? [[lineOf(verdict), ...verdict.likeliest.map(place)]]
        : [],
    ),
    failed: classified.flatMap((verdict) =>
      verdict.by === 'failure' ? [{ line: lineOf(verdict), ...verdict.failure }] : [],
    ),
  };
}

type Decided = Pick<Outcome, 'route'> & { given?: string; verdict: Classified };

async function decide(
  verdict: Classified,
  asked: readonly Asked[],
  people: 'ask' | 'queue',
  labels: readonly string[],
): Promise<Decided> {
  switch (verdict.by) {
    case 'cheap':
    case 'expensive':
      return { route: verdict.by, given: verdict.label, verdict };
    case 'failure':
      return { route: 'failed', verdict };
    case 'nobody': {
      if (people === 'queue') return { route: 'queued', verdict };
      const answer = await askPerson(asked[verdict.n - 1]?.text ?? '', verdict.likeliest, labels);
      return answer ? { route: 'person', given: answer.label, verdict } : { route: 'queued', verdict };
    }
  }
}
