import type { Duration } from '@temporalio/common';
import type { FailureInfo } from '../fail.js';
import { gather, type Gathered, type GatherOptions, type Missing, type Need } from '../gather.js';

/** A branch: what it does, or that with a time-out and a fall-back of its own. */
export type ParallelBranch<T> = (() => Promise<T>) | BranchOptions<T>;

interface BranchOptions<T> {
  run: () => Promise<T>;
  /** After that the branch is cancelled, and has failed with `TimedOut`. */
  timeout?: Duration;
  /** What holds instead of its failure: a value, or a function that makes one. */
  fallback?: T | ((failure: FailureInfo) => T | Promise<T>);
}

// A method's parameters are compared both ways, so that branches of any result fit.
type Branches =
  | Readonly<Record<string, { run: () => Promise<unknown> } | (() => Promise<unknown>)>>
  | readonly ({ run: () => Promise<unknown> } | (() => Promise<unknown>))[];

type ResultOf<B> = B extends () => Promise<infer R>
  ? R
  : B extends { run: () => Promise<infer R>; fallback: infer F }
    ? R | (F extends (failure: never) => infer G ? Awaited<G> : F)
    : B extends { run: () => Promise<infer R> }
      ? R
      : never;

export type ParallelResult<B extends Branches> = { -readonly [K in keyof B]: ResultOf<B[K]> };

export interface PartialResult<B extends Branches> {
  /** By the branches' names, or in their order; undefined where missing. */
  results: { -readonly [K in keyof B]: ResultOf<B[K]> | undefined };
  missing: Missing[];
  replaced: Missing[];
  /** Names of the branches with a result, in the order in which they came: with `need: 'any'` the winner's. */
  order: (B extends readonly unknown[] ? string : Extract<keyof B, string>)[];
}

export type ParallelOptions = Omit<GatherOptions<unknown>, 'need'>;

/**
 * Runs the branches at once and gives their results under the same names, or in the same order. Where one fails the
 * others are cancelled, and its failure is thrown.
 *
 * With `need` fewer results will do: any one, so many, or as many as come. Branches that are not needed any more are cancelled, and
 * the result says which are missing and why.
 * @throws with `need`: `TooFewResults`
 */
export async function parallel<const B extends Branches>(
  branches: B,
  options: ParallelOptions & { need: Need },
): Promise<PartialResult<B>>;
export async function parallel<const B extends Branches>(
  branches: B,
  options?: ParallelOptions,
): Promise<ParallelResult<B>>;
export async function parallel(branches: Branches, options: GatherOptions<unknown> = {}): Promise<unknown> {
  const entries = Object.entries<ParallelBranch<unknown>>(branches).map(([name, branch]) =>
    typeof branch === 'function' ? { name, run: branch } : { name, ...branch },
  );
  const { results, ...rest }: Gathered<unknown> = await gather(entries, options);
  const named = Array.isArray(branches)
    ? results
    : Object.fromEntries(entries.map(({ name }, place) => [name, results[place]]));
  return options.need === undefined ? named : { results: named, ...rest };
}
