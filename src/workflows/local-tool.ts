import type { Json } from '../agents/json.js';
import type { LocalDeclined } from '../agents/local-call.js';
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
export function callLocalTool(
  { tool, policy: { timeout, attempts }, args, context, summary }: LocalToolCall,
  ordinary: (attempts: number) => Promise<ToolResult>,
): Promise<ToolResult> {
  const declined = async (outcome: LocalDeclined) => {
    if (attempts === 1) throw failure('TimedOut', outcome.declined);
    await waitAsAsked(outcome, summary);
    return ordinary(attempts - 1);
  };
  return callLocally<ToolResult>({ activity: tool, args: [args, context], timeout, summary }).then(
    (outcome) => ('result' in outcome ? outcome.result : declined(outcome)),
  );
}
