import { BatonError } from 'batonjs/agents';
import { z } from 'zod';

export const Question = z.strictObject({
  question: z.string().trim().min(1, 'is empty').max(2000, 'has more than 2,000 characters'),
});
export type Question = z.infer<typeof Question>;

/**
 * Reads a question from a file's text: the text itself, or JSON `{ "question": "..." }`.
 * @throws BatonError `InputInvalid`, which says what is wrong with it
 */
export function parseQuestion(text: string): Question {
  const bare = text.replace(/^\uFEFF/, '').trim();
  const parsed = Question.safeParse(bare.startsWith('{') ? readJson(bare) : { question: bare });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
  throw new BatonError('InputInvalid', `not a question: ${wrong.join('; ')}`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new BatonError('InputInvalid', 'not a question: it is not valid JSON', { cause });
  }
}
