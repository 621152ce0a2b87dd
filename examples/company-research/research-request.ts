import { BatonError } from 'batonjs/agents';
import { z } from 'zod';

/** What is to be found out. */
export const ResearchRequest = z.strictObject({
  /** Name or ticker. */
  company: z.string().max(200).regex(/\S/, 'is empty'),
  question: z.string().max(4000).regex(/\S/, 'is empty'),
  /** How long each desk, and then the coordinator, may take, in seconds. Default 240. */
  patienceSeconds: z.number().positive().max(3600).optional(),
});
export type ResearchRequest = z.infer<typeof ResearchRequest>;

/**
 * Reads a request from the text of a JSON file.
 * @throws BatonError `InputInvalid`, which names everything that is wrong with it
 */
export function parseRequest(text: string): ResearchRequest {
  const parsed = ResearchRequest.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new BatonError('InputInvalid', `the request: ${wrong.join('; ')}`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('InputInvalid', `the request: it is not valid JSON: ${reason}`, { cause });
  }
}
