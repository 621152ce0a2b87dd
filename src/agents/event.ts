import { z } from 'zod';
import type { Json } from './json.js';

/** Bytes of an event's data as JSON, at most: what is larger belongs in a store, and its id in the event. */
export const EVENT_BYTES = 256_000;

/** Something that happened outside a run, or in another run, as it is delivered: by Signal `baton_event`. */
export const BatonEvent = z.object({
  /** Says which event of its name it is: a second one with the same id and name is the same event, delivered again. */
  id: z.string().min(1).max(200),
  /** What happened, such as `order.paid`. */
  name: z.string().min(1).max(200),
  data: z.json(),
  /** What it happened to, such as the number of the order. */
  key: z.string().min(1).max(200).optional(),
  /** Milliseconds since the epoch. */
  at: z.number(),
});
export type BatonEvent<T = Json> = Omit<z.infer<typeof BatonEvent>, 'data'> & { data: T };

/** An event as it is emitted. */
export const OutgoingEvent = BatonEvent.omit({ at: true }).extend({
  /** Default: one of its own, so that it is another event than all others. */
  id: BatonEvent.shape.id.optional(),
  /** Default: null. */
  data: z.json().optional(),
  /** Workflow id of the one run that is told. Default: those that subscribe to the event. */
  to: z.string().min(1).max(1000).optional(),
});
export type OutgoingEvent = z.infer<typeof OutgoingEvent>;

/** A run that an event was delivered to. */
export const Reached = z.object({
  /** Workflow id. */
  run: z.string(),
  subscription: z.string().optional(),
  /** `known`: the event has started this run before. */
  how: z.enum(['started', 'signalled', 'known']),
});
export type Reached = z.infer<typeof Reached>;
