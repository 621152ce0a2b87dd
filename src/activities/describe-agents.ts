import type { AgentCard } from '../agents/agent-card.js';
import { priceOf } from './models/price.js';
import type { RegisteredAgent, Registry } from './registry.js';

/** The activity that tells workflow code what agents are; names that this worker does not know are left out. */
export function describeActivity(registry: Registry) {
  return async (names: string[]): Promise<AgentCard[]> =>
    names.flatMap((name) => {
      const agent = registry.agents.get(name);
      return agent ? [cardOf(registry, agent)] : [];
    });
}

export function cardOf(
  registry: Registry,
  { name, spec, models, input, output, tools, agentTools }: RegisteredAgent,
): AgentCard {
  return {
    name,
    description: spec.description,
    capabilities: [...(spec.capabilities ?? [])],
    models: models.map((alias) => {
      const model = registry.model(alias);
      const price = model && priceOf(model);
      return { alias, ...(price ? { price } : {}) };
    }),
    input: input as AgentCard['input'],
    ...(output ? { output: output.json as AgentCard['input'] } : {}),
    tools: [...tools.keys(), ...agentTools.keys()],
  };
}
