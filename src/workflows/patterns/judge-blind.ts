import type { Judgement, JudgeInput } from '../../agents/built-in/judge.js';
import type { Json } from '../../agents/json.js';
import { failure } from '../fail.js';
import { until } from '../until.js';
import { Labels } from './under-labels.js';

/** Scores candidates, of which it knows nothing but their labels: Baton's own judge, or another function. */
export type Judge = (input: JudgeInput) => Promise<Judgement>;

export interface Candidate<Output> {
  name: string;
  output: Output;
}

export interface Scored<Output> extends Candidate<Output> {
  score: number;
  reason: string;
}

interface Question<Output> {
  judge: Judge;
  task: unknown;
  rubric: string;
  candidates: readonly Candidate<Output>[];
}

/** A judge that leaves candidates out is asked once more. */
const ASKED_AT_MOST = 2;

/**
 * Has candidates judged under labels, in an order that chance makes, and gives them best first; those of one score stay in the order
 * given. Labels that nobody has are left out of account.
 * @throws the judge's failure; OutputInvalid where it twice left candidates without a score
 */
export async function judgeBlind<Output>(question: Question<Output>): Promise<Scored<Output>[]> {
  const { candidates } = question;
  const all = (scores: Map<string, unknown>) => scores.size === candidates.length;
  const { value: scores, accepted } = await until(() => ask(question), { accept: all, max: ASKED_AT_MOST });
  if (!accepted) {
    const without = candidates.filter(({ name }) => !scores.has(name)).map(({ name }) => name);
    throw failure('OutputInvalid', `the judge gave no score for ${without.join(', ')}`);
  }
  const scored = candidates.flatMap((candidate): Scored<Output>[] => {
    const found = scores.get(candidate.name);
    return found ? [{ ...candidate, ...found }] : [];
  });
  return scored.sort((a, b) => b.score - a.score);
}

/** The scores of one judgement, by the candidates' names. */
async function ask<Output>({ judge, task, rubric, candidates }: Question<Output>) {
  const labels = new Labels(candidates.map(({ name }) => name));
  const outputs = new Map(candidates.map(({ name, output }) => [name, output]));
  const { scores } = await judge({
    // What agents take and give is JSON.
    task: task as Json,
    rubric,
    candidates: labels.all.map(({ label, name }) => ({ label, output: outputs.get(name) as Json })),
  });
  const found = new Map<string, { score: number; reason: string }>();
  for (const { label, score, reason } of scores) {
    const name = labels.nameOf(label);
    // Of two scores for one label the first counts.
    if (name !== undefined && !found.has(name) && Number.isFinite(score)) found.set(name, { score, reason });
  }
  return found;
}
