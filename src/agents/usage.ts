import { z } from 'zod';

/** Tokens of one or more model calls, as the provider counted them. */
export const Usage = z.object({
  /** Prompt tokens, cached ones included. */
  input: z.number().int().nonnegative(),
  /** Prompt tokens read from the provider's cache, a part of `input`. */
  cached: z.number().int().nonnegative().optional(),
  /** Tokens of the answer, reasoning included. */
  output: z.number().int().nonnegative(),
  /** Reasoning tokens, a part of `output`. */
  reasoning: z.number().int().nonnegative().optional(),
});
export type Usage = z.infer<typeof Usage>;

/** Money and tokens of a reservation, a quote or a limit. Either may be left out: then it is not limited. */
export const Amount = z.object({
  /** US dollars. */
  usd: z.number().nonnegative().optional(),
  /** Prompt and answer tokens together. */
  tokens: z.number().nonnegative().optional(),
});
export type Amount = z.infer<typeof Amount>;

/** What may be spent: a hard limit, and a soft one below it from which on agents use their `cheaper` model. */
export const Budget = z
  .strictObject({ ...Amount.shape, soft: z.strictObject(Amount.shape).optional() })
  .refine(({ soft, ...hard }) => isBelow(soft?.usd, hard.usd) && isBelow(soft?.tokens, hard.tokens), {
    error: 'the soft limit is above the hard one',
    path: ['soft'],
  });
export type Budget = z.infer<typeof Budget>;

function isBelow(soft = 0, hard = Infinity): boolean {
  return soft <= hard;
}
