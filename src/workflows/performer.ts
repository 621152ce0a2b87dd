import type { Json } from '../agents/json.js';
import { share } from './allotment.js';
import { performChild } from './child.js';
import type { NamedCall } from './named-call.js';
import { agentFunction } from './proxy-agents.js';
import { runState } from './run-state.js';

/**
 * Performs a call again and again, so many times in all. Each child is allotted an equal part of what is left of the budget, unless
 * the call says what it may spend.
 */
export function performerOf(call: NamedCall, times: number): (input: Json) => Promise<unknown> {
  if (call.kind === 'agent') return agentFunction(call.name, call.placement);
  const { options } = call;
  let left = times;
  return (input) => {
    const budget = options.budget ?? share(runState().ledger, 1 / left--);
    return performChild({ ...call, options: { ...options, ...(budget ? { budget } : {}) } }, input);
  };
}
