import { ApplicationFailure } from '@temporalio/common';
import { BatonError } from 'batonjs/agents';
import { ACCEPT, type Accept } from './accept.js';
import type { Category } from './categories.js';
import { dataSet, type DataSet } from './data-set.js';
import type { Question } from './questions.js';
import { QuestionInput, readInput, RoutingInput } from './routing-input.js';

/**
 * What reads the data, on the worker: a run passes places in it around, and not thousands of questions. Plain Temporal
 * activities.
 */

// Data that cannot be read is found when the worker starts, and not in the middle of a run.
await dataSet();

/** Questions of a page: the work of one child workflow. */
const PAGE = 100;

/** How a run over the whole file goes about it. */
export interface Plan {
  data: { name: string; digest: string };
  questions: number;
  labels: string[];
  pages: Page[];
  people: 'ask' | 'queue';
  accept: Accept;
  pagesAtOnce: number;
}

/** A part of the data: so many from a place on, counted in steps. */
export interface Page {
  digest: string;
  from: number;
  count: number;
  step: number;
}

export async function planRouting(raw: unknown): Promise<Plan> {
  const { people = 'queue', accept, sample, pagesAtOnce = 6 } = readInput(RoutingInput, raw ?? {});
  const { name, digest, categories, questions } = await opened();
  const wanted = Math.min(sample ?? questions.length, questions.length);
  return {
    data: { name, digest },
    questions: wanted,
    labels: categories.map(({ label }) => label),
    pages: Array.from({ length: Math.ceil(wanted / PAGE) }, (_, page) => ({
      digest,
      from: page * PAGE,
      count: Math.min(PAGE, wanted - page * PAGE),
      step: questions.length / wanted,
    })),
    people,
    accept: { cheap: accept?.cheap ?? ACCEPT.cheap, expensive: accept?.expensive ?? ACCEPT.expensive },
    pagesAtOnce,
  };
}

/** The questions of a page. @throws ApplicationFailure where the data has changed since the run began */
export async function readPage({ digest, from, count, step }: Page): Promise<Question[]> {
  const data = await opened();
  if (data.digest !== digest)
    throw ApplicationFailure.nonRetryable('the data has changed since the run began', 'ConfigInvalid');
  return Array.from({ length: count }, (_, i) => data.questions[Math.floor((from + i) * step)]).filter(
    (question) => question !== undefined,
  );
}

/** What a question can be about. */
export async function readCategories(): Promise<Category[]> {
  return (await opened()).categories;
}

/** A single question, checked. */
export async function readQuestion(raw: unknown): Promise<QuestionInput> {
  return readInput(QuestionInput, raw);
}

async function opened(): Promise<DataSet> {
  return dataSet().catch((cause: unknown) => {
    if (!(cause instanceof BatonError)) throw cause;
    throw ApplicationFailure.nonRetryable(cause.message, cause.code);
  });
}
