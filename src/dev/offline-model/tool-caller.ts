import { isDeepStrictEqual } from 'node:util';
import type { Context } from './conversation.js';
import type { ModelMessage, ModelRequest, OfferedTool } from './request.js';
import { argumentsFor } from './tool-arguments.js';
import { isHandedOver, isHandOff } from './handing-over.js';
import { closeness, isAskedFor, isInstructed, onlyLooks } from './tool-intent.js';

export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** Messages with calls since the last user message, at most. */
const MAX_ROUNDS = 3;

/**
 * The calls to make next, none if it is time to answer. Tools that only look are called in parallel, each once
 * for a user message, as soon as their arguments are known. Where none of them is left, the one tool that changes
 * something and is most asked for is called. The same call is never made twice in a conversation.
 */
export function nextToolCalls(request: ModelRequest, context: Context): ToolCall[] {
  const { named, mayCall, mustCall } = choiceOf(request);
  const tools = (request.tools ?? []).filter(
    ({ function: { name } }) => named === undefined || name === named,
  );
  if (!mayCall || tools.length === 0) return [];
  const current = sinceLastUser(request.messages);
  const rounds = current.filter(({ tool_calls }) => tool_calls?.length).length;
  const called = new Set(callsIn(current).map(({ name }) => name));
  const earlier = callsIn(request.messages);
  const isNew = (call: ToolCall) => !earlier.some((other) => isDeepStrictEqual(other, call));
  const isTaken = isHandedOver(request.messages);
  const isWanted = (tool: OfferedTool) =>
    isTaken && isHandOff(tool.function.name) ? isInstructed(tool, context) : isAskedFor(tool, context);
  const left = tools.filter(({ function: { name } }) => !called.has(name));
  const callsTo = (some: readonly OfferedTool[], guess = false) =>
    some.flatMap((tool) => {
      const args = argumentsFor(tool, context, guess);
      return args ? [{ name: tool.function.name, arguments: args }] : [];
    });

  if (rounds < MAX_ROUNDS) {
    const looks = callsTo(left.filter(onlyLooks)).filter(isNew);
    if (looks.length > 0) return looks;
    const acts = left
      .filter((tool) => !onlyLooks(tool) && isWanted(tool))
      .sort((a, b) => closeness(b, context.affirmed) - closeness(a, context.affirmed));
    const [act] = callsTo(acts).filter(isNew);
    if (act) return [act];
  }
  return mustCall && rounds === 0 ? callsTo(left, true).slice(0, 1) : [];
}

/** What `tool_choice` says: whether tools may or must be called, and which. */
function choiceOf({ tool_choice: choice }: ModelRequest): {
  named?: string;
  mayCall: boolean;
  mustCall: boolean;
} {
  if (choice === 'none') return { mayCall: false, mustCall: false };
  const named = (choice as { function?: { name?: string } } | undefined)?.function?.name;
  return {
    ...(named ? { named } : {}),
    mayCall: true,
    mustCall: choice === 'required' || named !== undefined,
  };
}

function sinceLastUser(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
}

function callsIn(messages: readonly ModelMessage[]): ToolCall[] {
  return messages.flatMap(({ tool_calls }) =>
    (tool_calls ?? []).map(({ function: call }) => ({ name: call.name, arguments: parsed(call.arguments) })),
  );
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text || '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}
