import { z } from 'zod';
import { Price } from './models.js';

/** What an agent is, as its definition says: for those who choose among agents. */
export const AgentCard = z.object({
  name: z.string(),
  description: z.string(),
  /** What it is good at, in the words of its definition. */
  capabilities: z.array(z.string()),
  /** Its models, the first choice first, with their prices in USD per million tokens where known. */
  models: z.array(
    z.object({
      alias: z.string(),
      price: Price.optional(),
      /** Set where it is not asked just now, as its provider is down. */
      open: z.literal(true).optional(),
    }),
  ),
  /** JSON schema of its input. */
  input: z.record(z.string(), z.json()),
  /** JSON schema of its output; absent: text. */
  output: z.record(z.string(), z.json()).optional(),
  tools: z.array(z.string()),
});
export type AgentCard = z.infer<typeof AgentCard>;
