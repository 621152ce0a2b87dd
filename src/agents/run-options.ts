import { z } from 'zod';
import { Budget } from './usage.js';

/** What a client gives a run beside its input. It travels in a Temporal header, and on to children. */
export const RunOptions = z.object({
  /** Limits over the whole run: money and tokens. */
  budget: Budget.optional(),
  tenant: z.string().min(1).max(200).optional(),
  tags: z.array(z.string().min(1).max(200)).max(20).optional(),
  /** Span of the parent that started the run. */
  span: z.string().optional(),
  /** How many agents have called each other down to this run, as tools. */
  depth: z.number().int().positive().optional(),
  /** Sagas that the run is a part of, as `<workflow id>/<number>`: they are told of each effect that can be undone. */
  sagas: z.array(z.string()).optional(),
  /** Set where the parent wants to hear what the run has spent, beside its result. */
  report: z.literal(true).optional(),
});
export type RunOptions = z.infer<typeof RunOptions>;
