import type { Duration } from '@temporalio/common';
import type { Judgement, JudgeInput } from '../../agents/built-in/judge.js';
import { settle } from '../contain.js';
import type { FailureInfo } from '../fail.js';
import { gather, type Missing } from '../gather.js';
import { builtIn } from '../proxy-agents.js';
import { inSpan } from '../span.js';
import { judgeBlind, type Candidate, type Judge, type Scored } from './judge-blind.js';
import { nameEach, type Several } from './name-each.js';

export interface BestOfOptions<Output> {
  /** How often each is asked. Default 1; where one function is given, 3. */
  tries?: number;
  /** By what the judge scores. Default: how well an output does what the task asks. */
  rubric?: string;
  /** Default: Baton's own judge. */
  judge?: Judge;
  /** What is done where the judge fails: its failure is thrown, or the first candidate is taken. Default `throw`. */
  judgeFailed?: 'throw' | 'first';
  /** Whether an output is good enough not to wait for others: these are cancelled, and no judge is asked. */
  enough?: (output: Output, name: string) => boolean | Promise<boolean>;
  /** Candidates at work at once. Default: all. With 1 and `enough` they are asked one after the other until one is good enough. */
  concurrency?: number;
  /** How long each candidate, and each judgement, may take. */
  timeout?: Duration;
}

export interface BestOf<Output> {
  output: Output;
  /** Name of the candidate that made it. */
  winner: string;
  /**
   * Why it won: by the judge's score; `enough` said so; it was the only one; or the judge failed and it is the first of those given.
   */
  by: 'judge' | 'enough' | 'only' | 'first';
  /** All candidates with an output, the winner first; scores from 0 to 10 where the judge gave them. */
  ranking: (Candidate<Output> & Partial<Scored<Output>>)[];
  /** Names of those with the winner's score, where there are several: the first of those given has won. */
  tied: string[];
  /** Candidates without an output, and why. */
  missing: Missing[];
  /** Why the judge failed. */
  failure?: FailureInfo;
}

/** How often one is asked that has nobody to compete with. */
export const TRIES_OF_ONE = 3;

const RUBRIC =
  'How well does the output do what the task asks? Correct comes first, then complete, then clear and short.';

/**
 * Has several do the same, and takes the best by the scores of a judge, who sees the outputs in a random order and without names. A
 * candidate that fails is left out.
 * @throws `TooFewResults` where all candidates fail; the judge's failure, unless `judgeFailed` is `first`
 */
export function bestOf<Input, Output>(
  candidates: Several<(input: Input) => Promise<Output>> | ((input: Input) => Promise<Output>),
  input: Input,
  options: BestOfOptions<Output> = {},
): Promise<BestOf<Output>> {
  const { rubric = RUBRIC, judge = builtIn<JudgeInput, Judgement>('judge'), judgeFailed = 'throw' } = options;
  return inSpan('bestOf', async () => {
    const { made, enough, missing } = await compete(candidates, input, options);
    if (enough)
      return resultOf('enough', [enough, ...made.filter(({ name }) => name !== enough.name)], missing);
    if (made.length === 1) return resultOf('only', made, missing);
    const { error, ...judged } = await settle(
      () => inSpan('judge', () => judgeBlind({ judge, task: input, rubric, candidates: made })),
      { timeout: options.timeout },
    );
    if (judged.ok) return resultOf('judge', judged.value, missing);
    if (judgeFailed === 'throw') throw error;
    return { ...resultOf('first', made, missing), failure: judged.failure };
  });
}

/** Has the candidates make their outputs, until all have ended or one is enough. @throws TooFewResults */
async function compete<Input, Output>(
  candidates: Several<(input: Input) => Promise<Output>> | ((input: Input) => Promise<Output>),
  input: Input,
  { tries, enough, concurrency, timeout }: BestOfOptions<Output>,
) {
  const named =
    typeof candidates === 'function'
      ? nameEach('bestOf', [candidates], tries ?? TRIES_OF_ONE)
      : nameEach('bestOf', candidates, tries);
  const outputs = new Map<string, Output>();
  const accept = async (output: Output, name: string) => {
    outputs.set(name, output);
    return (await enough?.(output, name)) ?? false;
  };
  const branches = named.map(({ name, fn }) => ({ name, run: () => fn(input) }));
  // Any one that is enough ends it; as long as none is, all are waited for.
  const race = await settle(() => gather(branches, { need: 'any', accept, concurrency, timeout }));
  if (!race.ok && outputs.size === 0) throw race.error;
  const absent = race.ok ? race.value.missing : (race.failure.details as { missing: Missing[] }).missing;
  const made = named.flatMap(({ name }): Candidate<Output>[] =>
    outputs.has(name) ? [{ name, output: outputs.get(name) as Output }] : [],
  );
  return {
    made,
    enough: race.ok ? made.find(({ name }) => name === race.value.order[0]) : undefined,
    missing: absent.filter(({ name }) => !outputs.has(name)),
  };
}

function resultOf<Output>(
  by: BestOf<Output>['by'],
  ranking: BestOf<Output>['ranking'],
  missing: Missing[],
): BestOf<Output> {
  const [{ output, name: winner, score }] = ranking as [BestOf<Output>['ranking'][number]];
  const level = score === undefined ? [] : ranking.filter((one) => one.score === score);
  return {
    output,
    winner,
    by,
    ranking,
    tied: level.length > 1 ? level.map(({ name }) => name) : [],
    missing,
  };
}
