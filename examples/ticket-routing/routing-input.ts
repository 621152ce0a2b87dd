import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { MAX_QUESTIONS } from './questions.js';

const share = z.number().min(0).max(1);

/** What a run over the whole file may be told. */
export const RoutingInput = z.strictObject({
  /** Whether people are asked about the edge cases, or get them as a list. Default `queue`. */
  people: z.enum(['ask', 'queue']).optional(),
  /** Confidence from which an agent's label stands. Default 0.7 for the cheap one, 0.5 for the expensive one. */
  accept: z.strictObject({ cheap: share.optional(), expensive: share.optional() }).optional(),
  /** Only so many questions, spread evenly over the file. Default: all of them. */
  sample: z.number().int().min(1).max(MAX_QUESTIONS).optional(),
  /** Pages of 100 questions that are worked on at once. Default 6. */
  pagesAtOnce: z.number().int().min(1).max(10).optional(),
});
export type RoutingInput = z.infer<typeof RoutingInput>;

/** A single question, as it comes from outside. */
export const QuestionInput = z.strictObject({
  text: z.string().trim().min(1, 'is empty').max(4_000),
});
export type QuestionInput = z.infer<typeof QuestionInput>;

/** Reads a run's input in an activity: workflow code has no zod. @throws ApplicationFailure `InputInvalid` */
export function readInput<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InputInvalid');
}
