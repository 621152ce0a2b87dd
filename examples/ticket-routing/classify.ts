import { contain, mapAll, proxyAgents, type AgentResult, type FailureInfo } from 'batonjs/workflow';
import type { Accept } from './accept.js';
import type * as agents from './agents.js';
import type { Category } from './categories.js';

const { sorter, expert } = proxyAgents<typeof agents>({ timeout: '10 minutes' });

/** Questions of one call: the labels, which are most of a prompt, are paid for once in each. */
const CHEAP_BATCH = 20;
const EXPENSIVE_BATCH = 10;
const CALLS_AT_ONCE = 4;

/** Failures that lie in what was asked, so that another model, or a question by itself, may do better. */
const IN_THE_QUESTION = ['OutputInvalid', 'Refused', 'ContextOverflow', 'LimitReached'];

export interface Asked {
  /** Its number among the questions. */
  n: number;
  text: string;
}

/** What agents make of a question. */
export type Classified = {
  n: number;
  /** US dollars: its share of the calls that it was in. */
  usd: number;
  /** The cheap agent's label, sure or not. */
  first?: string;
} & (
  | { by: 'cheap' | 'expensive'; label: string; confidence: number }
  /** Neither was sure: the labels that come into question, the best first. */
  | { by: 'nobody'; likeliest: string[]; confidence: number }
  | { by: 'failure'; failure: { code: string; message: string } }
);

/** Calls of each agent by the model that answered. */
export interface Answering {
  sorter: Record<string, number>;
  expert: Record<string, number>;
  /** Whether the offline model stood in for any of them. */
  offline: boolean;
}

export interface Classification {
  /** In the order of the questions. */
  classified: Classified[];
  answering: Answering;
}

/**
 * Has questions sorted by the cheap agent, and those that it is not sure of, or cannot answer, by the expensive one. A
 * failure stays with its questions.
 */
export async function classify(
  questions: readonly Asked[],
  categories: readonly Pick<Category, 'label' | 'about'>[],
  accept: Accept,
): Promise<Classification> {
  const labels = labelsFor(categories);
  const known = new Set(categories.map(({ label }) => label));
  const answering: Answering = { sorter: {}, expert: {}, offline: false };

  const sorted = await inBatches(questions, CHEAP_BATCH, (batch) =>
    asked(batch, answering, known, 'sorter', () => sorter.run({ labels, questions: batch })),
  );
  const open = questions.filter(({ n }) => isOpen(sorted.get(n), accept.cheap));
  const judged = await inBatches(open, EXPENSIVE_BATCH, (batch) => {
    const ask = (some: Asked[]) =>
      asked(some, answering, known, 'expert', () => expert.run({ labels, questions: some }));
    return oneByOneOnFailure(batch, ask);
  });
  return {
    classified: questions.map(({ n }) => conclude(n, sorted.get(n), judged.get(n), accept)),
    answering,
  };
}

/** An agent's answer to one question; without a label where it gave none that there is. */
interface Answer {
  label?: string;
  likeliest: string[];
  confidence: number;
  usd: number;
  failure?: FailureInfo;
}

function isOpen(answer: Answer | undefined, least: number): boolean {
  if (!answer?.failure) return answer?.label === undefined || answer.confidence < least;
  return IN_THE_QUESTION.includes(answer.failure.code);
}

function conclude(
  n: number,
  first: Answer | undefined,
  second: Answer | undefined,
  accept: Accept,
): Classified {
  const base = {
    n,
    usd: (first?.usd ?? 0) + (second?.usd ?? 0),
    ...(first?.label === undefined ? {} : { first: first.label }),
  };
  const last = second ?? first;
  if (last?.failure) {
    const { code, message } = last.failure;
    return { ...base, by: 'failure', failure: { code, message } };
  }
  const { label, confidence = 0, likeliest = [] } = last ?? {};
  if (label !== undefined && confidence >= (second ? accept.expensive : accept.cheap))
    return { ...base, by: second ? 'expensive' : 'cheap', label, confidence };
  const candidates = [label, ...likeliest, first?.label].filter((some) => some !== undefined);
  return { ...base, by: 'nobody', likeliest: [...new Set(candidates)].slice(0, 3), confidence };
}

/** The labels as the agents take them: with what belongs to them, where the data says that. */
function labelsFor(
  categories: readonly Pick<Category, 'label' | 'about'>[],
): string[] | Record<string, string> {
  if (categories.every(({ about }) => about === undefined)) return categories.map(({ label }) => label);
  return Object.fromEntries(categories.map(({ label, about = '' }) => [label, about]));
}

async function inBatches(
  questions: readonly Asked[],
  size: number,
  ask: (batch: Asked[]) => Promise<Map<number, Answer>>,
): Promise<Map<number, Answer>> {
  const batches = Array.from({ length: Math.ceil(questions.length / size) }, (_, i) =>
    questions.slice(i * size, (i + 1) * size),
  );
  const answers = await mapAll(batches, ask, { concurrency: CALLS_AT_ONCE });
  return new Map(answers.flatMap((some) => [...some]));
}

/** A question that makes the call fail must not take the others of its batch with it. */
async function oneByOneOnFailure(
  batch: Asked[],
  ask: (some: Asked[]) => Promise<Map<number, Answer>>,
): Promise<Map<number, Answer>> {
  const answers = await ask(batch);
  const [failure] = [...answers.values()].flatMap((answer) => answer.failure ?? []);
  if (!failure || batch.length === 1 || !IN_THE_QUESTION.includes(failure.code)) return answers;
  const each = await mapAll(batch, (question) => ask([question]), { concurrency: CALLS_AT_ONCE });
  return new Map(each.flatMap((some) => [...some]));
}

interface Given {
  answers: { n: number; label: string; confidence: number; likeliest?: string[] }[];
}

/** An agent's answers by question. What it says of questions that it was not asked, or twice, does not count. */
async function asked(
  batch: Asked[],
  answering: Answering,
  known: ReadonlySet<string>,
  agent: 'sorter' | 'expert',
  call: () => Promise<AgentResult<Given>>,
): Promise<Map<number, Answer>> {
  const outcome = await contain(call);
  if (!outcome.ok) {
    const failed: Answer = { likeliest: [], confidence: 0, usd: 0, failure: outcome.failure };
    return new Map(batch.map(({ n }) => [n, failed]));
  }
  const { output, cost, agent: by } = outcome.value;
  const model = by.modelName ?? by.model;
  answering[agent][model] = (answering[agent][model] ?? 0) + 1;
  answering.offline ||= by.offline === true;
  const usd = cost / batch.length;
  return new Map(
    batch.map(({ n }) => {
      const answer = output.answers.find((given) => given.n === n);
      const likeliest = (answer?.likeliest ?? []).filter((label) => known.has(label));
      return [
        n,
        {
          ...(answer && known.has(answer.label) ? { label: answer.label } : {}),
          likeliest,
          confidence: answer?.confidence ?? 0,
          usd,
        },
      ];
    }),
  );
}
