import type { Duration } from '@temporalio/common';
import { checkCount } from './check-count.js';
import { settle } from './contain.js';
import type { FailureInfo } from './fail.js';
import { inSpan } from './span.js';

/** What is thought of a result. */
export interface Verdict {
  accepted: boolean;
  /** How good it is, on any scale; more is better. By it the best of the rounds is known. */
  score?: number | undefined;
  /** What is to be done better, for the next round. */
  feedback?: string | undefined;
}

/** One round of a bounded loop: what it made, and what was thought of it. */
export interface Round<T, V extends Verdict = Verdict> {
  value: T;
  verdict: V;
}

export interface UntilOptions<T, V extends Verdict = Verdict> {
  /** Whether a result is good enough. */
  accept: (value: T, round: number) => V | boolean | Promise<V | boolean>;
  /** Rounds at most. */
  max: number;
  /** How long one round may take, the judging included; after that it has failed with `TimedOut`. */
  timeout?: Duration | undefined;
}

export interface UntilResult<T, V extends Verdict = Verdict> {
  /** The accepted result; where none was, the best: that of the highest score, and of several the last. */
  value: T;
  accepted: boolean;
  verdict: V;
  /** All rounds, in order. */
  rounds: Round<T, V>[];
  /** Why the loop ended before its bound without an accepted result: a round failed. */
  failure?: FailureInfo;
}

/**
 * Repeats a step until its result is accepted, so often at most, and keeps the best. Where a round fails the loop ends with
 * the best so far; a result that could not be judged counts, as not accepted.
 * @throws the failure of the first round, where it made nothing
 */
export async function until<T, V extends Verdict = Verdict>(
  step: (previous: Round<T, V> | undefined, round: number) => Promise<T>,
  { accept, max, timeout }: UntilOptions<T, V>,
): Promise<UntilResult<T, V>> {
  checkCount('max', max);
  const rounds: Round<T, V>[] = [];
  for (let round = 1; round <= max; round++) {
    const unjudged: T[] = [];
    const judged = async () => {
      const value = await step(rounds.at(-1), round);
      unjudged.push(value);
      const verdict = await accept(value, round);
      return typeof verdict === 'boolean' ? ({ accepted: verdict } as V) : verdict;
    };
    const outcome = await settle(() => inSpan(`round-${round}`, judged), { timeout });
    const verdict = outcome.ok ? outcome.value : ({ accepted: false } as V);
    rounds.push(...unjudged.map((value) => ({ value, verdict })));
    if (!outcome.ok)
      return { ...best(rounds, outcome.error), accepted: false, rounds, failure: outcome.failure };
    if (verdict.accepted) break;
  }
  const last = rounds.at(-1);
  return last?.verdict.accepted
    ? { ...last, accepted: true, rounds }
    : { ...best(rounds), accepted: false, rounds };
}

/** @throws the error, where there is none */
function best<T, V extends Verdict>(rounds: readonly Round<T, V>[], error?: unknown): Round<T, V> {
  const score = ({ verdict }: Round<T, V>) => verdict.score ?? -Infinity;
  const [first, ...more] = rounds;
  if (!first) throw error;
  return more.reduce((best, round) => (score(best) > score(round) ? best : round), first);
}
