import { defineSignal, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import type { Json } from '../../agents/json.js';
import { PART_SIGNAL } from '../../agents/names.js';
import { contain, type Outcome } from '../contain.js';
import { failure } from '../fail.js';
import { gather } from '../gather.js';
import type { NamedCall } from '../named-call.js';
import { performerOf } from '../performer.js';

/** A part of the items of a `mapAll`, done in a run of its own. */
export interface Batch {
  call: NamedCall;
  items: Json[];
  /** Place of the first item in the whole list. */
  from: number;
  /** Items at work at once. */
  concurrency: number;
  /** Milliseconds that one item may take. */
  timeout?: number;
  /** Set where the first failure ends the whole: then nobody waits for the rest of the batch. */
  strict?: true;
}

/**
 * In the items' order. `sent`: the outcome went to the parent by a signal, as there was no room for it. null: not done, since
 * another had failed.
 */
export type BatchResult = (Outcome<unknown> | 'sent' | null)[];

/** An outcome that came by signal. */
export interface Part {
  batch: string;
  place: number;
  outcome: Outcome<unknown>;
}

/** A run's result is one payload, of at most 2 MB. */
const RESULT_BYTES = 1_500_000;

export async function runBatch({ call, items, from, strict, ...bounds }: Batch): Promise<BatchResult> {
  const perform = performerOf(call, items.length);
  const outcomes: BatchResult = items.map(() => null);
  let room = RESULT_BYTES;
  // One after the other: the commands of one workflow task may have 4 MB in all.
  let sending = Promise.resolve();
  const one = async (item: Json, place: number) => {
    const outcome = await contain(() => perform(item), { timeout: bounds.timeout });
    // A character has at most three bytes in UTF-8.
    const bytes = JSON.stringify(outcome).length * 3;
    outcomes[place] = bytes <= room ? outcome : 'sent';
    if (bytes <= room) room -= bytes;
    else await (sending = sending.then(() => send(place, outcome)));
    if (strict && !outcome.ok) throw failure('TooFewResults', 'an item failed');
  };
  const branches = items.map((item, place) => ({ name: String(from + place), run: () => one(item, place) }));
  await contain(() => gather(branches, { concurrency: bounds.concurrency }));
  return outcomes;
}

async function send(place: number, outcome: Outcome<unknown>): Promise<void> {
  const { parent, workflowId } = workflowInfo();
  const part: Part = { batch: workflowId, place, outcome };
  await getExternalWorkflowHandle(parent?.workflowId ?? '').signal(defineSignal<[Part]>(PART_SIGNAL), part);
}
