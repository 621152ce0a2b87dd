import type { Duration } from '@temporalio/common';
import { CancellationScope } from '@temporalio/workflow';
import { checkCount } from './check-count.js';
import { settle, type ContainOptions, type Outcome } from './contain.js';
import { failure, type FailureInfo } from './fail.js';
import { noteFailure } from './notes.js';
import { inSpan, spanOf } from './span.js';
import { whyMissing } from './why-missing.js';

/** How many branches must give a result: all, any one, so many, or as many as do. */
export type Need = 'all' | 'any' | 'bestEffort' | number;

export interface Branch<T> extends ContainOptions<T> {
  name: string;
  run: () => Promise<T>;
}

export interface GatherOptions<T> {
  /** Default `all`. Where enough have come the others are cancelled; where not enough can come any more, too. */
  need?: Need | undefined;
  /** Branches at work at once. Default: all of them. */
  concurrency?: number | undefined;
  /** Time-out of each branch that has none of its own. */
  timeout?: Duration | undefined;
  /** Whether a result is good enough; one that is not counts as failed, with `NotAccepted`. */
  accept?: ((value: T, name: string) => boolean | Promise<boolean>) | undefined;
}

/** A branch without a result, and why. The code is `NotNeeded` where it was cancelled since enough others had come. */
export interface Missing extends FailureInfo {
  name: string;
}

export interface Gathered<T> {
  /** In the order of the branches; undefined where missing. */
  results: (T | undefined)[];
  /** Branches without a result. */
  missing: Missing[];
  /** Branches whose result is their fall-back's, and what failed. */
  replaced: Missing[];
  /** Names of the branches with a result, in the order in which they came. */
  order: string[];
}

/**
 * Runs branches at once. A failure stays in its branch as long as enough others can come.
 * @throws with `need: 'all'` the first failure; else `TooFewResults`, whose details name what is missing
 */
export async function gather<T>(
  branches: readonly Branch<T>[],
  options: GatherOptions<T> = {},
): Promise<Gathered<T>> {
  const { need = 'all', concurrency = branches.length } = options;
  checkCount('concurrency', options.concurrency);
  const fanOut = new FanOut(branches, enough(need, branches.length));
  const scope = new CancellationScope();
  let next = 0;
  const lane = async () => {
    while (next < branches.length && !fanOut.isOver) {
      const place = next++;
      const branch = branches[place] as Branch<T>;
      fanOut.ended(place, await runBranch(branch, options));
    }
  };
  try {
    const lanes = scope.run(() =>
      Promise.all(Array.from({ length: Math.min(concurrency, branches.length) }, lane)),
    );
    await Promise.race([lanes, fanOut.over]);
  } finally {
    if (!fanOut.isDone) scope.cancel();
  }
  if (fanOut.isShort) throw need === 'all' ? fanOut.firstError : fanOut.tooFew(need);
  return noted(fanOut.gathered);
}

/** Notes what the result lacks, but for branches that nobody needed. */
function noted<T>(gathered: Gathered<T>): Gathered<T> {
  const { missing, replaced } = gathered;
  for (const { name, ...why } of replaced) noteFailure('fallback', spanOf(name), why);
  for (const { name, ...why } of missing)
    if (why.code !== NOT_NEEDED.code) noteFailure('missing', spanOf(name), why);
  return gathered;
}

function runBranch<T>(
  { name, run, timeout, ...rest }: Branch<T>,
  { accept, timeout: each }: GatherOptions<T>,
) {
  const checked = async () => {
    const value = await run();
    if (!(await accept?.(value, name)))
      throw failure('NotAccepted', `the result of ${name} was not accepted`);
    return value;
  };
  return settle(() => inSpan(name, accept ? checked : run), { timeout: timeout ?? each, ...rest });
}

/** What has come of a fan-out, and whether that is enough. */
class FanOut<T> {
  readonly over: Promise<void>;
  isOver = false;
  firstError: unknown;
  private readonly outcomes: (Outcome<T> | undefined)[];
  private readonly order: string[] = [];
  private failed = 0;
  private end: () => void = () => undefined;

  constructor(
    private readonly branches: readonly Branch<T>[],
    private readonly wanted: { least: number; most: number },
  ) {
    this.outcomes = new Array<Outcome<T> | undefined>(branches.length);
    this.over = new Promise((resolve) => (this.end = resolve));
    this.judge();
  }

  ended(place: number, { error, ...outcome }: Outcome<T> & { error?: unknown }): void {
    if (this.isOver) return;
    this.outcomes[place] = outcome;
    if (outcome.ok) this.order.push(this.branches[place]?.name ?? '');
    else if (this.failed++ === 0) this.firstError = error;
    this.judge();
  }

  /** Whether every branch has ended. */
  get isDone(): boolean {
    return this.order.length + this.failed === this.branches.length;
  }

  /** Whether fewer can come than are needed. */
  get isShort(): boolean {
    return this.branches.length - this.failed < this.wanted.least;
  }

  tooFew(need: Need) {
    const { missing } = this.gathered;
    const why = whyMissing(missing);
    return failure(
      'TooFewResults',
      `${this.order.length} of ${this.branches.length} branches gave a result, needed: ${need}${why && `; ${why}`}`,
      { missing },
    );
  }

  get gathered(): Gathered<T> {
    const named = (pick: (outcome: Outcome<T> | undefined) => FailureInfo | undefined) =>
      this.branches.flatMap(({ name }, place): Missing[] => {
        const info = pick(this.outcomes[place]);
        return info ? [{ name, ...info }] : [];
      });
    return {
      results: Array.from(this.outcomes, (outcome) => (outcome?.ok ? outcome.value : undefined)),
      missing: named((outcome) => (outcome ? (outcome.ok ? undefined : outcome.failure) : NOT_NEEDED)),
      replaced: named((outcome) => (outcome?.ok ? outcome.replaced : undefined)),
      order: this.order,
    };
  }

  private judge(): void {
    this.isOver = this.isShort || this.order.length >= this.wanted.most;
    if (this.isOver) this.end();
  }
}

const NOT_NEEDED: FailureInfo = {
  code: 'NotNeeded',
  message: 'enough others had given a result',
  details: undefined,
};

/** How many results are needed at least, and after how many no more are waited for. */
function enough(need: Need, branches: number): { least: number; most: number } {
  switch (need) {
    case 'all':
      return { least: branches, most: branches };
    case 'any':
      return { least: 1, most: 1 };
    case 'bestEffort':
      return { least: 0, most: branches };
    default:
      checkCount('need', need);
      return { least: need, most: need };
  }
}
