import { z } from 'zod';
import { AGENT_LIMITS } from '../agents/agent-limits.js';
import type { TurnFailureDetails } from '../agents/turn.js';
import type { Message } from '../agents/message.js';
import type { Conversation } from './conversation.js';
import { failure } from './fail.js';
import type { RegisteredAgent } from './registry.js';

const DEFAULT_TOOL_ERRORS = 6;

/**
 * The agent's newest input against its schema, before the first model call for it.
 * @throws InputInvalid
 */
export async function checkInput(
  agent: RegisteredAgent,
  { messages }: Conversation,
  details: TurnFailureDetails,
) {
  const last = messages.at(-1);
  if (last?.role !== 'user' || last.repair || last.handoff) return;
  const parsed = await (agent.spec.input ?? z.string()).safeParseAsync(last.content);
  if (!parsed.success) {
    throw failure('InputInvalid', `input of agent "${agent.name}": ${z.prettifyError(parsed.error)}`, {
      details,
    });
  }
}

/** @throws LimitReached, ToolFailed */
export function checkLimits(
  { name, spec }: RegisteredAgent,
  turn: number,
  { messages }: Conversation,
  details: TurnFailureDetails,
) {
  const turns = spec.limits?.turns ?? AGENT_LIMITS.turns;
  if (turn > turns)
    throw failure('LimitReached', `agent "${name}" took ${turns} turns without an output`, { details });
  const errors = toolErrorsInARow(messages);
  const limit = spec.limits?.toolErrors ?? DEFAULT_TOOL_ERRORS;
  if (errors.count >= limit) {
    throw failure(
      'ToolFailed',
      `agent "${name}" met ${errors.count} tool errors in a row; the last: ${errors.last}`,
      { details },
    );
  }
}

function toolErrorsInARow(messages: readonly Message[]): { count: number; last: string } {
  const results = messages.filter((message) => message.role === 'tool');
  const good = results.findLastIndex((message) => !message.isError);
  const last = results.at(-1);
  const content = last ? JSON.stringify(last.content).slice(0, 500) : '';
  return { count: results.length - 1 - good, last: last ? `${last.tool}: ${content}` : '' };
}
