import { z } from 'zod';

export const Desk = z.enum(['financials', 'news', 'opinion']);
export type Desk = z.infer<typeof Desk>;

/** A passage that a tool gave in this run. */
export const Source = z.object({
  desk: Desk,
  /** Of the filing, article or post. */
  id: z.string(),
  title: z.string(),
  page: z.number().nullable(),
  date: z.string().nullable(),
  url: z.string().nullable(),
  /** Word for word. */
  quote: z.string(),
});
export type Source = z.infer<typeof Source>;

export const Statement = z.object({ text: z.string(), sources: z.array(Source).min(1) });
export type Statement = z.infer<typeof Statement>;

export const Report = z.object({
  company: z.string(),
  question: z.string(),
  /** Null where nothing was found, or nobody could combine it. */
  answer: Statement.nullable(),
  points: z.array(Statement),
  conflicts: z.array(Statement),
  /** Desks that are not in the report, and why. */
  missing: z.array(z.object({ desk: z.string(), code: z.string(), why: z.string() })),
  /** What failed on the way, and what was left out. */
  notes: z.array(z.string()),
});
export type Report = z.infer<typeof Report>;
