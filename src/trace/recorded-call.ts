import { ASK_ACTIVITY, TURN_ACTIVITY } from '../agents/names.js';
import { ApprovalRequest } from '../agents/approval.js';
import { ToolCallContext, ToolResult, TurnInput, TurnResult } from '../agents/turn.js';
import type { Json } from '../agents/json.js';
import type { Operation } from './operation.js';

/** An activity of Baton's, with its input and result read. */
export type RecordedCall =
  | { kind: 'turn'; operation: Operation; input: TurnInput; result?: TurnResult }
  | { kind: 'tool'; operation: Operation; args: Json; context: ToolCallContext; result?: ToolResult }
  | { kind: 'ask'; operation: Operation; request: ApprovalRequest };

export type RecordedTurn = Extract<RecordedCall, { kind: 'turn' }>;
export type RecordedTool = Extract<RecordedCall, { kind: 'tool' }>;
export type RecordedAsk = Extract<RecordedCall, { kind: 'ask' }>;

/** Reads an activity as one of Baton's. Undefined for the user's own, and for what cannot be decoded. */
export function readCall(operation: Operation): RecordedCall | undefined {
  const { name, input, output } = operation;
  if (operation.operation !== 'activity') return undefined;
  if (name === TURN_ACTIVITY) {
    const parsed = TurnInput.safeParse(input[0]);
    const result = TurnResult.safeParse(output).data;
    return parsed.data && { kind: 'turn', operation, input: parsed.data, ...(result ? { result } : {}) };
  }
  if (name === ASK_ACTIVITY) {
    const parsed = ApprovalRequest.safeParse(input[0]);
    return parsed.data && { kind: 'ask', operation, request: parsed.data };
  }
  const context = ToolCallContext.safeParse(input[1]);
  if (!context.success || input.length !== 2) return undefined;
  const result = ToolResult.safeParse(output).data;
  return {
    kind: 'tool',
    operation,
    args: input[0] ?? null,
    context: context.data,
    ...(result ? { result } : {}),
  };
}
