import type { ToolCall } from '../agents/message.js';
import { REJECT_FUNCTION } from '../agents/names.js';
import { textArgument } from '../agents/tool-arguments.js';
import type { StoredResult } from '../agents/stored-result.js';
import type { NextStep } from '../agents/turn.js';
import type { RegisteredAgent } from './registry.js';
import { resolveCalls } from './resolve-calls.js';

/**
 * What follows from a message with calls. A rejection of the input goes before all else: then nothing runs. Of several hand-offs
 * the first one holds, once the other calls have run.
 * @param text what the model said beside the calls
 * @param stored results that the model may read on in, by name
 */
export async function stepOfCalls(
  agent: RegisteredAgent,
  calls: readonly ToolCall[],
  text: string | undefined,
  stored: ReadonlyMap<string, StoredResult> = new Map(),
): Promise<NextStep> {
  const { spec, handoffs } = agent;
  const rejection = spec.rejects ? calls.find(({ tool }) => tool === REJECT_FUNCTION) : undefined;
  if (rejection) {
    const reason = textArgument(rejection.arguments, 'reason') ?? text ?? 'it gave no reason';
    return { kind: 'inputRejected', reason };
  }
  const concurrency = spec.limits?.toolConcurrency;
  const performed = {
    calls: await resolveCalls(agent, calls, stored),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
  const call = calls.findIndex(({ tool }) => handoffs.has(tool));
  const handoff = handoffs.get(calls[call]?.tool ?? '');
  if (!handoff) return { kind: 'tools', ...performed };
  const { to, keep, summariser } = handoff;
  const limit = spec.limits?.handoffs;
  return {
    kind: 'handoff',
    to,
    call,
    keep,
    ...(summariser === undefined ? {} : { summariser }),
    ...(limit === undefined ? {} : { limit }),
    ...performed,
  };
}
