import { z } from 'zod';

/** A circuit that is open: one model of one provider that nobody asks for now. It stands in the memo of the circuit's run. */
export const OpenCircuit = z.object({
  /** Host of the provider, with its port where that is not the usual one. */
  provider: z.string(),
  /** The provider's name of the model. */
  model: z.string(),
  /** The failure that opened it, or that the last trial ended with. */
  why: z.string(),
  /** Milliseconds since the epoch: when it was opened. */
  since: z.number(),
  /** Milliseconds since the epoch: when the next trial may begin. */
  until: z.number(),
  /** Milliseconds until the trial after the next failure. */
  coolDown: z.number(),
  /** What `coolDown` grows to at most. */
  longest: z.number(),
  /** Trials that were granted. */
  trials: z.number(),
  /** Whose trial is under way, which is given up at `until`. */
  trying: z.string().optional(),
});
export type OpenCircuit = z.infer<typeof OpenCircuit>;

/** Who asks for a trial: a turn, whatever attempt of it; and the milliseconds that it may take. */
export const TrialRequest = z.object({ turn: z.string(), lease: z.number() });
export type TrialRequest = z.infer<typeof TrialRequest>;

/** What became of a model call, as far as it says something of the provider. */
export const Tried = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered') }),
  z.object({ kind: z.literal('down'), why: z.string() }),
  /** Nothing was learned, as where the call was cancelled. */
  z.object({ kind: z.literal('unknown') }),
]);
export type Tried = z.infer<typeof Tried>;
