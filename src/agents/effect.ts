import { z } from 'zod';
import { ToolMessage } from './message.js';
import { ToolCallContext } from './turn.js';

/** Input of the activity that undoes a call of a tool. */
export const Compensation = z.object({
  tool: z.string(),
  /** As the model gave them. */
  args: z.json(),
  /** The run that made the call, and the call's place in it: of these its key is made. */
  workflowId: z.string(),
  call: ToolCallContext,
  /** The call's result; absent where its outcome is unknown. */
  result: ToolMessage.optional(),
});
export type Compensation = z.infer<typeof Compensation>;

/** A call whose effect can be undone. */
export const Effect = z.object({
  undo: Compensation.omit({ result: true }),
  /** The call in one line. */
  title: z.string(),
  taskQueue: z.string(),
  /** Milliseconds of one attempt to undo it, and attempts at most. */
  timeout: z.number().int().positive(),
  attempts: z.number().int().positive().optional(),
});
export type Effect = z.infer<typeof Effect>;

/** What is known of an effect: `none` where it did not happen, or is undone. */
export const EffectOutcome = z.union([z.enum(['none', 'unknown']), z.object({ result: ToolMessage })]);
export type EffectOutcome = z.infer<typeof EffectOutcome>;

/** How a child tells the saga that it runs in of an effect: before it begins one, and when its outcome is known. */
export const EffectNotice = z.object({
  /** Number of the saga in its run. */
  saga: z.number().int().positive(),
  id: z.string(),
  effect: Effect.optional(),
  outcome: EffectOutcome.optional(),
});
export type EffectNotice = z.infer<typeof EffectNotice>;
