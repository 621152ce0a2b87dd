import { z } from 'zod';
import type { CheckedOutput } from '../agents/checked-output.js';
import type { Json } from '../agents/json.js';
import { failure } from './fail.js';
import type { Registry } from './registry.js';

/** The activity that checks what people give for the output of an agent, by the agent's schema. */
export function checkOutputActivity(registry: Registry) {
  return async (name: string, given: Json): Promise<CheckedOutput> => {
    const agent = registry.agents.get(name);
    if (!agent) throw failure('AgentUnknown', `this worker has no agent "${name}"`);
    const parsed = await (agent.spec.output ?? z.string()).safeParseAsync(given);
    if (!parsed.success) return { problem: z.prettifyError(parsed.error) };
    return { output: JSON.parse(JSON.stringify(parsed.data ?? null)) as Json };
  };
}
