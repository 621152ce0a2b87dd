import type { Json } from '../../agents/json.js';
import { describeAgents } from '../describe-agents.js';
import { failure } from '../fail.js';
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

/** Runs one agent and gives its output: what Baton itself starts, with an agent that it knows. */
export async function runAgentAlone({ agent: name, input, placement, ...options }: AgentRun): Promise<Json> {
  const { output } = await agentFunction(name, placement).run(input, options);
  return output;
}

/** The same for people: an agent without a workflow of one's own. @throws InputInvalid, AgentUnknown */
export async function agent(run: AgentRun): Promise<Json> {
  await checkAgentRun('agent', run, ['agent', 'input', 'context', 'model', 'placement']);
  if (run.input === undefined) throw invalid('agent', '"input" is missing: what the agent is given');
  return runAgentAlone(run);
}

/**
 * The edge of a run that names an agent. Workflow code carries no schema library, so its input is checked by hand.
 * @throws InputInvalid; AgentUnknown where this worker does not know the agent
 */
export async function checkAgentRun(
  orchestration: string,
  run: unknown,
  fields: readonly string[],
): Promise<void> {
  if (typeof run !== 'object' || run === null) throw invalid(orchestration, 'it is no object');
  const strange = Object.keys(run).find((field) => !fields.includes(field));
  if (strange !== undefined)
    throw invalid(orchestration, `"${strange}" is none of its fields: ${fields.join(', ')}`);
  const name = 'agent' in run ? run.agent : undefined;
  if (typeof name !== 'string') throw invalid(orchestration, '"agent" is the name of an agent');
  // Of another task queue this worker need not know it.
  if ('placement' in run) return;
  const [known] = await describeAgents([name]);
  if (!known)
    throw failure(
      'AgentUnknown',
      `"agent": the worker has no agent "${name}"; npx baton doctor names those it has`,
    );
}

function invalid(orchestration: string, problem: string) {
  return failure('InputInvalid', `input of ${orchestration}: ${problem}`);
}
