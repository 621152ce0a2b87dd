import { z } from 'zod';

interface CommonSpec<Schema extends z.ZodType> {
  /** Name of the event, such as `order.paid`; or of several, that one run is to get. */
  event: string | readonly [string, ...string[]];
  /** Name of the orchestration that reacts to it. */
  orchestration: string;
  /** Schema of the event's data. */
  schema: Schema;
  /** Task queue of the runs. Default: that of the worker that delivers the event. */
  taskQueue?: string;
}

export type SubscriptionSpec<Schema extends z.ZodType> = CommonSpec<Schema> &
  (
    | {
        /** Each event starts a run of its own, `<subscription>/<event name>/<event id>`, with the data as its input. */
        mode: 'start';
      }
    | {
        /**
         * Events with the same key go to one run, `<subscription>/<key>`, where `waitForEvent` gets them. The first of them
         * starts it, with the key as its input.
         */
        mode: 'signal';
        key: (data: z.output<Schema>) => string;
      }
  );

/** An event's data as the schema gives it, with its key in mode `signal`; or what is wrong with it. */
export type EventReading = { ok: true; data: unknown; key?: string } | { ok: false; problem: string };

/** A subscription as the worker holds it, whatever its types. */
export interface Subscription {
  readonly kind: 'subscription';
  readonly events: readonly string[];
  readonly orchestration: string;
  readonly mode: 'start' | 'signal';
  readonly taskQueue?: string;
  readonly read: (data: unknown) => Promise<EventReading>;
}

/** Says which orchestration reacts to an event. Its name is its key among the worker's `agents`. */
export function defineSubscription<Schema extends z.ZodType>(spec: SubscriptionSpec<Schema>): Subscription {
  const { event, orchestration, mode, taskQueue, schema } = spec;
  return {
    kind: 'subscription',
    events: typeof event === 'string' ? [event] : event,
    orchestration,
    mode,
    ...(taskQueue === undefined ? {} : { taskQueue }),
    async read(given) {
      const parsed = await schema.safeParseAsync(given);
      if (!parsed.success) return { ok: false, problem: z.prettifyError(parsed.error) };
      const { data } = parsed;
      if (spec.mode === 'start') return { ok: true, data };
      try {
        return { ok: true, data, key: Key.parse(spec.key(data)) };
      } catch (error) {
        const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
        return { ok: false, problem: `it has no key: ${reason}` };
      }
    },
  };
}

/** Part of a workflow id, which has 1,000 characters at most. */
const Key = z.string().min(1).max(200);
