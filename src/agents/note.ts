import { z } from 'zod';

/** Something that did not go as it should, though the run went on: so that no result looks better than it is. */
export const Note = z.object({
  /**
   * `model`: another model answered; `cheaper`: a soft budget was reached; `fallback`: something else stands for what failed;
   * `missing`: a branch gave no result.
   */
  kind: z.enum(['model', 'cheaper', 'fallback', 'missing']),
  /** What it happened to: the path of an agent call, or of a branch, among the run's spans. */
  at: z.string(),
  /** What holds instead, in words; absent where nothing does. */
  instead: z.string().optional(),
  /** Why: a code of the failure table, or another error's type, and its message. */
  code: z.string(),
  message: z.string(),
});
export type Note = z.infer<typeof Note>;

/** The notes of a run, as its memo holds them. */
export const RunNotes = z.object({
  notes: z.array(Note),
  /** How many there were beyond those. */
  more: z.number().int().optional(),
});
export type RunNotes = z.infer<typeof RunNotes>;
