import type { Json } from '../agents/json.js';
import type { CallPolicy, ToolCallContext, ToolResult } from '../agents/turn.js';
import { failure } from './fail.js';
import { callLocally, waitAsAsked } from './local-call.js';

interface LocalToolCall {
  tool: string;
  policy: CallPolicy;
  args: Json;
  context: ToolCallContext;
  summary: string;
}

/**
 * Makes a tool call as a local activity; where that gives no result, as an ordinary one.
 * @param ordinary takes the attempts that are left
 * @throws what the call failed with
 */
export async function callLocalTool(
  { tool, policy: { timeout, attempts }, args, context, summary }: LocalToolCall,
  ordinary: (attempts: number) => Promise<ToolResult>,
): Promise<ToolResult> {
  const outcome = await callLocally<ToolResult>({
    activity: tool,
    args: [args, context],
    timeout,
    summary,
  });
  if ('result' in outcome) return outcome.result;
  if (attempts === 1) throw failure('TimedOut', outcome.declined);
  await waitAsAsked(outcome, summary);
  return ordinary(attempts - 1);
}
