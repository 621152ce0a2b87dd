import { CancellationScope } from '@temporalio/workflow';
import { inSpan } from '../span.js';

type Branches = Readonly<Record<string, () => Promise<unknown>>> | readonly (() => Promise<unknown>)[];

export type ParallelResult<B extends Branches> = {
  -readonly [K in keyof B]: B[K] extends () => Promise<infer R> ? R : never;
};

/**
 * Runs the branches at once and gives their results under the same names, or in the same order. Where one fails the
 * others are cancelled, and its failure is thrown.
 */
export async function parallel<const B extends Branches>(branches: B): Promise<ParallelResult<B>> {
  const entries = Object.entries<() => Promise<unknown>>(branches);
  const scope = new CancellationScope();
  const results = await scope.run(() =>
    Promise.all(
      entries.map(([name, branch]) =>
        inSpan(name, branch).catch((error: unknown) => {
          scope.cancel();
          throw error;
        }),
      ),
    ),
  );
  // The keys are those of `branches`, which the type says and the compiler cannot follow.
  return (
    Array.isArray(branches) ? results : Object.fromEntries(entries.map(([name], i) => [name, results[i]]))
  ) as ParallelResult<B>;
}
