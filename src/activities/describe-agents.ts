import type { AgentCard } from '../agents/agent-card.js';
import type { Circuits } from './circuits/circuits.js';
import { priceOf } from './models/price.js';
import type { RegisteredAgent, Registry } from './registry.js';

/** The activity that tells workflow code what agents are; names that this worker does not know are left out. */
export function describeActivity(registry: Registry, circuits: Circuits) {
  return async (names: string[]): Promise<AgentCard[]> => {
    const agents = names.flatMap((name) => registry.agents.get(name) ?? []);
    return Promise.all(agents.map((agent) => cardOf(registry, circuits, agent)));
  };
}

async function cardOf(
  registry: Registry,
  circuits: Circuits,
  { name, spec, models, input, output, tools, agentTools }: RegisteredAgent,
): Promise<AgentCard> {
  const known = models.map((alias) => registry.model(alias));
  const open = await circuits.open(known);
  return {
    name,
    description: spec.description,
    capabilities: [...(spec.capabilities ?? [])],
    models: models.map((alias, place) => {
      const model = known[place];
      const price = model && priceOf(model);
      return { alias, ...(price ? { price } : {}), ...(open[place] ? { open: true as const } : {}) };
    }),
    input: input as AgentCard['input'],
    ...(output ? { output: output.json as AgentCard['input'] } : {}),
    tools: [...tools.keys(), ...agentTools.keys()],
  };
}
