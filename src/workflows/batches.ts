import { CancellationScope, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import type { FailureCode } from '../agents/failures.js';
import type { Json } from '../agents/json.js';
import { PART_SIGNAL } from '../agents/names.js';
import { share } from './allotment.js';
import { byteLength } from './byte-length.js';
import { startChild } from './child.js';
import type { Outcome } from './contain.js';
import { failure } from './fail.js';
import { atOnce, largest } from './items-at-once.js';
import type { NamedCall } from './named-call.js';
import type { Batch, BatchResult, Part } from './orchestrations/batch.js';
import { runState } from './run-state.js';
import { atSpan, openSpan, spanPath } from './span.js';

interface Settings {
  call: NamedCall;
  items: readonly unknown[];
  /** Items of a batch at most. */
  size: number;
  /** Items at work at once, over all batches. */
  concurrency: number;
  /** Milliseconds that one item may take. */
  timeout: number | undefined;
  /** Whether the first failure ends the whole. */
  strict: boolean;
}

/** Of the items of a batch; one that is larger is a batch of its own. */
const BATCH_BYTES = 250_000;
const MAX_AT_ONCE = 10;

function receivePart({ batch, place, outcome }: Part): void {
  runState().parts.set(`${batch} ${place}`, outcome);
}

function takePart(batch: string, place: number): Outcome<unknown> | undefined {
  const { parts } = runState();
  const outcome = parts.get(`${batch} ${place}`);
  parts.delete(`${batch} ${place}`);
  return outcome;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

function settle({ resolve, reject }: Waiting, outcome: Outcome<unknown> | null | undefined): void {
  // An item that was not done is not waited for any more: another had failed.
  if (!outcome) return;
  if (outcome.ok) return resolve(outcome.value);
  const { code, message, details } = outcome.failure;
  reject(failure(code as FailureCode, message, details));
}

/** Items that are done in child workflows, a batch in each, a few of them at once in a sliding window. */
export class Batches {
  private readonly waiting: Waiting[] = [];
  private started = false;
  private readonly span = spanPath();
  /** Items that no batch has taken yet. */
  private left: number;

  constructor(private readonly settings: Settings) {
    this.left = settings.items.length;
    setHandler(defineSignal<[Part]>(PART_SIGNAL), receivePart);
  }

  /** The result of an item. The first one asked for sets the batches going, in the scope that it was asked in. */
  result(place: number): Promise<unknown> {
    const result = new Promise((resolve, reject) => (this.waiting[place] = { resolve, reject }));
    if (!this.started) {
      this.started = true;
      // Only once all are asked for: their promises are settled by the batches.
      void Promise.resolve().then(() => atSpan(this.span, () => this.run()));
    }
    return result;
  }

  private async run(): Promise<void> {
    const { items, concurrency, size } = this.settings;
    let next = 0;
    const scope = CancellationScope.current();
    const lane = async () => {
      while (next < items.length && !scope.consideredCancelled) {
        const from = next;
        next += this.fitting(from);
        await this.runBatch(from, next);
      }
    };
    const room = atOnce(Math.max(BATCH_BYTES, largest(items)));
    const lanes = Math.min(MAX_AT_ONCE, room, Math.max(1, Math.round(concurrency / size)));
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  /** How many items from a place on make a batch, bounded in number and in bytes. */
  private fitting(from: number): number {
    const { items, size } = this.settings;
    let bytes = 0;
    const end = items.slice(from, from + size).findIndex((item, i) => {
      bytes += byteLength(item);
      return i > 0 && bytes > BATCH_BYTES;
    });
    return end < 0 ? Math.min(size, items.length - from) : end;
  }

  /** Runs a batch and settles its items. */
  private async runBatch(from: number, end: number): Promise<void> {
    const { call, items, concurrency, timeout, strict } = this.settings;
    const batch: Batch = {
      call,
      items: items.slice(from, end) as Json[],
      from,
      concurrency: Math.min(concurrency, end - from),
      ...(timeout === undefined ? {} : { timeout }),
      ...(strict ? { strict } : {}),
    };
    const span = openSpan(`items-${from}`);
    const id = `${workflowInfo().workflowId}/${span}`;
    // As large a part of what is left as its part of the items.
    const budget = share(runState().ledger, (end - from) / this.left);
    this.left -= end - from;
    const promises = this.waiting.slice(from, end);
    try {
      const options = { id, ...(budget ? { budget } : {}) };
      const outcomes = (await startChild('baton_batch', '', batch, options, { span })) as BatchResult;
      promises.forEach((promise, place) => {
        const outcome = outcomes[place];
        settle(promise, outcome === 'sent' ? takePart(id, place) : outcome);
      });
    } catch (error) {
      for (const { reject } of promises) reject(error);
    }
  }
}
