import type { Duration } from '@temporalio/common';
import { log } from '@temporalio/workflow';
import type { BatonEvent } from '../agents/event.js';
import type { Json } from '../agents/json.js';
import { EVENT_WAIT } from '../agents/names.js';
import type { EventWaiter } from './event-inbox.js';
import { runState } from './run-state.js';
import { waitFor } from './wait-for.js';

export interface EventWait<T> {
  /** Only an event of this key. */
  key?: string | undefined;
  /** Checks the event's data, and may change it. An event that it throws on is logged and dropped, and the wait goes on. */
  parse?: (data: Json) => T;
  /** Only an event for which it gives true; one that it throws on is left as well. */
  filter?: (event: BatonEvent<T>) => boolean;
  /** How long to wait. Default: for ever. */
  timeout?: Duration | undefined;
}

/**
 * Waits for an event that is delivered to this run, or takes the oldest that has come already. Each event is for one
 * wait, and each event id counts once.
 * @returns the event; undefined where none came in time
 */
export function waitForEvent<T = Json>(
  name: string,
  options?: EventWait<T> & { timeout?: undefined },
): Promise<BatonEvent<T>>;
export function waitForEvent<T = Json>(
  name: string,
  options: EventWait<T>,
): Promise<BatonEvent<T> | undefined>;
export async function waitForEvent<T = Json>(
  name: string,
  { timeout, ...wanted }: EventWait<T> = {},
): Promise<BatonEvent<T> | undefined> {
  const state = runState();
  const waiter = new Waiter(name, wanted);
  state.events.open(waiter);
  state.refresh();
  let isUsed = false;
  try {
    await waitFor(() => waiter.event !== undefined, { timeout, summary: `${EVENT_WAIT} ${name}` });
    isUsed = true;
    // One that comes together with the time-out has come.
    return waiter.event;
  } finally {
    state.events.close(waiter, isUsed);
    state.refresh();
  }
}

class Waiter<T> implements EventWaiter {
  event: BatonEvent<T> | undefined;
  readonly key: string | undefined;

  constructor(
    readonly name: string,
    private readonly wanted: EventWait<T>,
  ) {
    this.key = wanted.key;
  }

  offer(raw: BatonEvent): 'taken' | 'left' | 'unreadable' {
    const { parse, filter } = this.wanted;
    let event: BatonEvent<T>;
    try {
      // Without a function that checks it the type is the caller's word.
      event = { ...raw, data: parse ? parse(raw.data) : (raw.data as T) };
    } catch (error) {
      log.warn('the data of an event was refused', { event: raw.name, id: raw.id, error });
      return 'unreadable';
    }
    try {
      if (filter && !filter(event)) return 'left';
    } catch (error) {
      log.warn('the filter of an event failed', { event: raw.name, id: raw.id, error });
      return 'left';
    }
    this.event = event;
    return 'taken';
  }
}
