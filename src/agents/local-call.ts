import { z } from 'zod';

/** What a local activity gives back beside its result: Temporal records no input of it, and the trace needs one. */
export const LocalRecord = z.object({
  /** The arguments, without what stands in the history anyway. */
  input: z.array(z.json()),
  /** Milliseconds that it took. */
  ms: z.number().nonnegative(),
});
export type LocalRecord = z.infer<typeof LocalRecord>;

/** The local activity gives no result: the call is made again as an ordinary activity, with its retries. */
export const LocalDeclined = z.object({
  kind: z.literal('baton_declined'),
  /** Why, for people. */
  declined: z.string(),
  /** Milliseconds to wait before. */
  wait: z.number().nonnegative().optional(),
  /** Set where it lacks a part of the transcript, which workflow code can hand over. */
  missing: z.literal(true).optional(),
});
export type LocalDeclined = z.infer<typeof LocalDeclined>;

export type LocalAnswer<Result> = LocalRecord & { result: Result };
export type LocalOutcome<Result> = LocalAnswer<Result> | LocalDeclined;
