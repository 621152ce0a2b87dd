import { z } from 'zod';

const Evidence = z.object({
  /** The article. */
  source: z.string(),
  title: z.string(),
  /** What it says, word for word. */
  quote: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

/** What the research hands back. */
export const Report = z.object({
  question: z.string(),
  /** The supported claims, in order, each followed by the numbers of its sources; empty where there are none. */
  text: z.string(),
  /** The articles that the text refers to: the first is [1]. */
  sources: z.array(z.object({ source: z.string(), title: z.string() })),
  claims: z.array(z.object({ text: z.string(), evidence: z.array(Evidence) })),
  /** Quotes that contradict each other, as the analyst or their figures have it. */
  contradictions: z.array(z.array(Evidence)),
  /** Findings that their articles do not bear out, and claims that were not supported when they were last checked. */
  dropped: z.array(
    z.object({ kind: z.enum(['finding', 'claim']), text: z.string(), reasons: z.array(z.string()) }),
  ),
  /** What was not found out, or not done, and why. */
  missing: z.array(z.object({ what: z.string(), why: z.string() })),
  /** How often claims were written: 1 where none had to be revised. */
  rounds: z.number(),
});
export type Report = z.infer<typeof Report>;
