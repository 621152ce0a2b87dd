import type { Json } from '../agents/json.js';
import type { ToolCallContext } from '../agents/turn.js';
import { digestOf } from './digest.js';

/**
 * The key of a tool call: the same over its attempts and over a reset of its run. It holds the arguments, so that after a reset
 * another call in the same place has another key.
 */
export function callKey(
  { workflowId, runId }: { workflowId: string; runId: string },
  { origin = runId, transcript, message, call }: ToolCallContext,
  args: Json,
): string {
  return digestOf([workflowId, origin, transcript, message, call, digestOf(args)]);
}

/** The key of what undoes a call. */
export function undoKey(effectKey: string): string {
  return digestOf(['undo', effectKey]);
}
