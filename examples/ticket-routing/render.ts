import type { Answering } from './classify.js';
import type { RouteScore } from './evaluation.js';
import type { Progress, Routing } from './route-all.js';
import type { RoutedQuestion } from './route-question.js';
import { ROUTES, type Route } from './tally.js';

const EDGE_CASES = 5;

const NAMES = {
  cheap: 'cheap agent',
  expensive: 'expensive agent',
  person: 'people',
  queued: 'waits for people',
  failed: 'failed',
} as const satisfies Record<Route, string>;

/** How far a run is, in a line. */
export function renderProgress({ done, questions, routes, usd }: Progress): string {
  if (questions === 0) return 'reads the data';
  const { cheap, expensive, person, queued, failed } = routes;
  const parts = [
    `${count(done)} of ${count(questions)} questions`,
    `cheap ${count(cheap)}`,
    `expensive ${count(expensive)}`,
    `people ${count(person + queued)}`,
    ...(failed > 0 ? [`failed ${count(failed)}`] : []),
    money(usd),
  ];
  return parts.join(' · ');
}

/** The figures of a run, and which model they come from. */
export function renderRouting(routing: Routing): string {
  const { data, questions, labels, answering } = routing;
  return [
    `${count(questions)} questions of ${data}, ${labels.length} categories`,
    ...modelLines(answering),
    '',
    ...scoreLines(routing),
    ...worstLines(routing),
    ...edgeLines(routing),
    ...failureLines(routing),
  ].join('\n');
}

function scoreLines({ questions: all, routes, agents, cheapAlone, usd }: Routing): string[] {
  const row = (name: string, { questions, accuracy }: RouteScore) => [
    name,
    count(questions),
    percent(questions / all),
    accuracy === null ? '-' : percent(accuracy),
  ];
  const cost = (score: RouteScore) => [
    money(score.usd),
    score.questions === 0 ? '-' : `$${(score.usd / score.questions).toFixed(6)}`,
  ];
  const scored = ROUTES.filter((route) => routes[route].questions > 0).map((route) => [
    ...row(NAMES[route], routes[route]),
    ...cost(routes[route]),
  ]);
  return [
    ...table([
      ['route', 'questions', 'share', 'accuracy', 'cost', 'each'],
      ...scored,
      [...row('both agents', agents), ...cost(agents)],
      row('cheap agent alone', cheapAlone),
    ]),
    '',
    `Cost in all: ${money(usd)}`,
  ];
}

function worstLines({ worst }: Routing): string[] {
  if (worst.length === 0) return [];
  const rows = worst.map(({ label, questions, right, takenFor, times }) => [
    `  ${label}`,
    `${right} of ${questions} right`,
    `${times} as ${takenFor}`,
  ]);
  return ['', 'Categories with the most wrong decisions:', ...table(rows)];
}

function edgeLines({ edgeCases, labels }: Routing): string[] {
  if (edgeCases.length === 0) return [];
  const first = edgeCases.slice(0, EDGE_CASES).map(([line = 0, ...places]) => {
    const candidates = places.map((place) => labels[place] ?? '?').join(', ');
    return `  line ${line}: ${candidates || 'no category fits'}`;
  });
  return ['', `${count(edgeCases.length)} edge cases for people, the first of them:`, ...first];
}

function failureLines({ failed, lost }: Routing): string[] {
  const lines = [
    ...failed.map(
      ({ code, message, lines: places }) =>
        `${count(places.length)} failed with ${code} (lines ${some(places)}), the first so: ${message}`,
    ),
    ...lost.map(({ from, count: n, why }) => `${n} questions from number ${from + 1} on were lost: ${why}`),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

/** What became of a single question. */
export function renderQuestion(routed: RoutedQuestion): string {
  const { label, decidedBy, confidence, handledBy, answer, answering } = routed;
  return [
    `Category:   ${label ?? 'none'} (${decidedBy}, confidence ${confidence.toFixed(2)})`,
    `Handled by: ${handledBy}`,
    `Answer:     ${answer ?? 'none yet'}`,
    ...modelLines(answering),
  ].join('\n');
}

/** Which models the figures come from. From the offline model no figure may go out without its name. */
function modelLines({ sorter, expert, offline }: Answering): string[] {
  const said = (calls: Record<string, number>) =>
    Object.entries(calls)
      .map(
        ([model, n]) =>
          `${offline ? `offline model in place of ${model}` : model}, ${count(n)} call${n === 1 ? '' : 's'}`,
      )
      .join('; ') || 'not asked';
  return [
    `Cheap agent: ${said(sorter)}. Expensive agent: ${said(expert)}.`,
    ...(offline
      ? [
          'The offline model compares words. Its accuracy says nothing about a real model, and nothing was spent: the costs are what its tokens would cost.',
        ]
      : []),
  ];
}

const NUMBER = /^-$|^\$?[\d,.]+(?: %)?$/;

/** Columns of text; numbers stand to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const pad = (cell: string, i: number) => {
    const width = widths[i] ?? 0;
    return NUMBER.test(cell) ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

function some(lines: readonly number[]): string {
  return lines.length > 10 ? `${lines.slice(0, 10).join(', ')} and more` : lines.join(', ');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function money(usd: number): string {
  return `$${usd.toFixed(4)}`;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}
