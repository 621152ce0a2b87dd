import type { Json } from '../../agents/json.js';
import { agentFunction } from '../proxy-agents.js';
import type { AgentPlacement } from '../take-turn.js';

export interface AgentRun {
  /** Name of a registered agent. */
  agent: string;
  input: Json;
  /** Shown to the agent before its input. */
  context?: Json;
  /** Alias of a model, or several in order of fall-back, instead of the agent's own. */
  model?: string | string[];
  placement?: AgentPlacement;
}

/** Runs one agent and gives its output: an agent without a workflow of one's own. */
export async function agent({ agent: name, input, placement, ...options }: AgentRun): Promise<Json> {
  const { output } = await agentFunction(name, placement).run(input, options);
  return output;
}
