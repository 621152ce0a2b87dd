import { z } from 'zod';
import type { Tool } from '../agents/define-tool.js';
import type { Json } from '../agents/json.js';

/** A call's arguments as the tool's handler takes them, or what is wrong with them, for the model. */
export async function checkArguments(
  { input }: Pick<Tool['spec'], 'input'>,
  given: Json,
): Promise<{ args: never; problem?: never } | { problem: string }> {
  const parsed = await input.safeParseAsync(given);
  // The schema is the tool's own: its handler and its approval rule take what it gives.
  if (parsed.success) return { args: parsed.data as never };
  const reason = typeof given === 'string' ? 'they are not valid JSON' : z.prettifyError(parsed.error);
  return { problem: `The arguments do not fit: ${reason}` };
}
