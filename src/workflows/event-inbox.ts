import type { BatonEvent } from '../agents/event.js';
import type { Json } from '../agents/json.js';
import { byteLength } from './byte-length.js';
import { RecentIds } from './recent-ids.js';

/** Unread events that a run keeps. Beyond either bound the oldest are dropped. */
const MAX_UNREAD = 1_000;
const MAX_UNREAD_BYTES = 500_000;
/** As in the contract of the event, whose schema workflow code cannot have. */
const MAX_EVENT_BYTES = 256_000;
const MAX_LENGTH = 200;

/** One who waits for an event. */
export interface EventWaiter {
  readonly name: string;
  readonly key?: string | undefined;
  /** Whether it takes the event, leaves it to others, or says that it cannot be read, and then it is dropped. */
  offer(event: BatonEvent): 'taken' | 'left' | 'unreadable';
}

export interface CarriedEvents {
  unread: BatonEvent[];
  seen: string[];
}

/** An event that has come, and its place among all that have. */
interface Arrived {
  event: BatonEvent;
  place: number;
}

interface Unread extends Arrived {
  bytes: number;
}

/** The events that came to a run: kept until somebody waits for them, each for one waiter, each id of a name once. */
export class EventInbox {
  private readonly unread: Unread[] = [];
  private readonly seen: RecentIds;
  private readonly waiters = new Map<EventWaiter, Arrived | undefined>();
  private bytes = 0;
  private arrived = 0;

  /** @param warn is told of events that are ignored or dropped */
  constructor(
    carried: CarriedEvents | undefined,
    private readonly warn: (message: string, about: Record<string, unknown>) => void,
  ) {
    this.seen = new RecentIds(carried?.seen);
    for (const event of carried?.unread ?? []) this.keep(this.arrive(event));
  }

  /** Takes an event, which comes from outside and may be anything. */
  receive(raw: unknown): void {
    const event = readEvent(raw);
    if (typeof event === 'string') return this.warn('an event was ignored', { reason: event });
    if (this.seen.has(idOf(event))) return;
    this.seen.add(idOf(event));
    this.pass(this.arrive(event));
  }

  /** Opens a wait. The oldest unread event that fits is its at once. */
  open(waiter: EventWaiter): void {
    this.waiters.set(waiter, undefined);
    // A copy, as what is offered is taken out.
    for (const entry of [...this.unread]) {
      if (!fits(waiter, entry.event) || !this.offer(waiter, entry)) continue;
      this.remove(entry);
      if (this.waiters.get(waiter)) return;
    }
  }

  /** Ends a wait; an event that it had got and did not use is there for others again, in its old place. */
  close(waiter: EventWaiter, isUsed: boolean): void {
    const taken = this.waiters.get(waiter);
    this.waiters.delete(waiter);
    if (taken && !isUsed) this.pass(taken);
  }

  /** What is waited for: names of events, with the key. */
  get waitingFor(): string[] {
    return [...this.waiters]
      .filter(([, taken]) => !taken)
      .map(([{ name, key }]) => (key === undefined ? name : `${name} of ${key}`));
  }

  carry(): CarriedEvents | undefined {
    // What a waiter got and could not use before the run ends is unread still.
    const taken = [...this.waiters.values()].filter((arrived) => arrived !== undefined);
    const unread = [...taken, ...this.unread].sort((a, b) => a.place - b.place).map(({ event }) => event);
    const seen = this.seen.all;
    return seen.length === 0 ? undefined : { unread, seen };
  }

  private arrive(event: BatonEvent): Arrived {
    return { event, place: this.arrived++ };
  }

  /** Gives an event to the first that waits for it, or keeps it. */
  private pass(arrived: Arrived): void {
    for (const [waiter, taken] of this.waiters) {
      if (taken || !fits(waiter, arrived.event)) continue;
      if (this.offer(waiter, arrived)) return;
    }
    this.keep(arrived);
  }

  /** @returns whether the event is gone: taken, or dropped */
  private offer(waiter: EventWaiter, { event, place }: Arrived): boolean {
    const verdict = waiter.offer(event);
    if (verdict === 'left') return false;
    if (verdict === 'taken') this.waiters.set(waiter, { event, place });
    else this.warn('an event that could not be read was dropped', { name: event.name, id: event.id });
    return true;
  }

  private keep({ event, place }: Arrived): void {
    const entry = { event, place, bytes: byteLength(event) };
    const later = this.unread.findIndex((other) => other.place > place);
    this.unread.splice(later < 0 ? this.unread.length : later, 0, entry);
    this.bytes += entry.bytes;
    while (this.unread.length > MAX_UNREAD || this.bytes > MAX_UNREAD_BYTES) {
      const oldest = this.unread[0];
      if (!oldest) return;
      this.remove(oldest);
      // Sent again, it is another chance.
      this.seen.forget(idOf(oldest.event));
      this.warn('too many events are unread: the oldest was dropped', {
        name: oldest.event.name,
        id: oldest.event.id,
      });
    }
  }

  private remove(entry: Unread): void {
    this.unread.splice(this.unread.indexOf(entry), 1);
    this.bytes -= entry.bytes;
  }
}

/** What an event is known by. */
function idOf({ name, id }: BatonEvent): string {
  return `${name}/${id}`;
}

function fits({ name, key }: EventWaiter, event: BatonEvent): boolean {
  return name === event.name && (key === undefined || key === event.key);
}

/** The edge of the run for events; what is wrong with one is said in words. Workflow code carries no schema library. */
function readEvent(raw: unknown): BatonEvent | string {
  if (typeof raw !== 'object' || raw === null) return 'an event is { "id", "name", "data", "at" }';
  const { id, name, key, at, data = null } = raw as Record<string, unknown>;
  if (!isText(id)) return `"id" of an event is a text of 1 to ${MAX_LENGTH} characters`;
  if (!isText(name)) return `"name" of an event is a text of 1 to ${MAX_LENGTH} characters`;
  if (key !== undefined && !isText(key))
    return `"key" of an event is a text of 1 to ${MAX_LENGTH} characters`;
  if (byteLength(data) > MAX_EVENT_BYTES) return `"data" of an event has at most ${MAX_EVENT_BYTES} bytes`;
  return {
    id,
    name,
    // It came as JSON.
    data: data as Json,
    ...(key === undefined ? {} : { key }),
    at: typeof at === 'number' ? at : Date.now(),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_LENGTH;
}
