import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { MAP_LIMITS } from '../../agents/map-limits.js';
import type { Json } from '../../agents/json.js';
import { Batches } from '../batches.js';
import { checkCount } from '../check-count.js';
import { failure, type FailureInfo } from '../fail.js';
import { gather, type Gathered, type Need } from '../gather.js';
import { atOnce, largest } from '../items-at-once.js';
import { namedCallOf } from '../named-call.js';
import { performerOf } from '../performer.js';

export interface MapOptions<Item, Result> {
  /** How many results are needed. Default `all`: the first failure is thrown, and the rest is cancelled. */
  need?: Need | undefined;
  /** Items at work at once. Default 100; fewer where they are so large that one workflow task could not start them. */
  concurrency?: number;
  /** How long one item may take. */
  timeout?: Duration;
  /** What holds instead of an item's failure: a value, or a function that makes one. */
  fallback?: Result | ((failure: FailureInfo, item: Item) => Result | Promise<Result>);
  /** Whether a result is good enough; one that is not counts as failed. */
  accept?: (value: Result, item: Item) => boolean | Promise<boolean>;
  /** Items of one child workflow, where there are so many that they are done in child workflows. Default 50. */
  batch?: number;
  /** How many items are done in this run itself, whose history holds what they do. Default 100. */
  inline?: number;
}

/** An item of a closure takes three events at least, and a history has room for 50,000. */
const MAX_OF_CLOSURE = 2_000;

/**
 * Does the same with each item of a list, several at once, and gives the results in the items' order.
 *
 * `fn` may be a closure. Where it is an agent, or an orchestration by `asChild`, more than `inline` items are done in child workflows of
 * `batch` items each, so that there may be any number of them. Results then count when their batch ends.
 * @throws the first failure; with `need`: `TooFewResults`
 */
export async function mapAll<Item, Result>(
  items: readonly Item[],
  fn: (item: Item) => Promise<Result>,
  options: MapOptions<Item, Result> & { need: Need },
): Promise<Gathered<Result>>;
export async function mapAll<Item, Result>(
  items: readonly Item[],
  fn: (item: Item) => Promise<Result>,
  options?: MapOptions<Item, Result>,
): Promise<Result[]>;
export async function mapAll<Item, Result>(
  items: readonly Item[],
  fn: (item: Item) => Promise<Result>,
  options: MapOptions<Item, Result> = {},
): Promise<Gathered<Result> | (Result | undefined)[]> {
  const {
    need,
    timeout,
    fallback,
    accept,
    concurrency = MAP_LIMITS.concurrency,
    inline = MAP_LIMITS.inline,
    batch = MAP_LIMITS.batch,
  } = options;
  checkCount('concurrency', concurrency);
  checkCount('batch', batch);
  checkCount('inline', inline, 0);
  const call = namedCallOf(fn);
  const batches =
    call && items.length > inline
      ? new Batches({
          call,
          items,
          size: batch,
          concurrency,
          timeout: timeout === undefined ? undefined : msToNumber(timeout),
          strict: (need ?? 'all') === 'all' && fallback === undefined,
        })
      : undefined;
  if (!call && items.length > MAX_OF_CLOSURE) {
    throw failure(
      'ConfigInvalid',
      `mapAll over ${items.length} items with a closure, which its run's history may not hold; ` +
        'make it an orchestration and give mapAll asChild(orchestration), or an agent itself',
    );
  }
  const perform = call?.kind === 'child' ? performerOf(call, items.length) : undefined;
  const branches = items.map((item, place) => ({
    name: String(place),
    run: async () => (batches?.result(place) ?? perform?.(item as Json) ?? fn(item)) as Promise<Result>,
    ...(fallback === undefined ? {} : { fallback: fallbackOf(fallback, item) }),
  }));
  const gathered = await gather(branches, {
    need,
    // Batches bound by themselves what is at work, and how long.
    ...(batches ? {} : { concurrency: Math.min(concurrency, atOnce(largest(items))), timeout }),
    ...(accept ? { accept: (value, name) => accept(value, items[Number(name)] as Item) } : {}),
  });
  return need === undefined ? gathered.results : gathered;
}

function fallbackOf<Item, Result>(
  fallback: MapOptions<Item, Result>['fallback'],
  item: Item,
): (failure: FailureInfo) => Result | Promise<Result> {
  type Make = (failure: FailureInfo, item: Item) => Result | Promise<Result>;
  // What is a function makes the value: values themselves are JSON.
  return (info) => (typeof fallback === 'function' ? (fallback as Make)(info, item) : (fallback as Result));
}
