import type { Json } from '../../agents/json.js';
import { unknownAgents } from '../describe-agents.js';
import { failure } from '../fail.js';
import type { CallState } from '../call-state.js';
import type { MovedEnd } from '../move-on.js';
import { resumeAgent, runAgent } from '../run-agent.js';
import { runState } from '../run-state.js';
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

/** The same, of a call that began in another run. */
interface MovedRun {
  agent: string;
  placement?: AgentPlacement;
  moved: CallState;
}

/**
 * Runs one agent and gives its output: what Baton itself starts, with an agent that it knows. Where the call was moved here by
 * another run that waits for it, that run is given more.
 */
export async function runAgentAlone(run: AgentRun | MovedRun): Promise<Json | MovedEnd> {
  const { agent: name, placement = {} } = run;
  if ('moved' in run) {
    const end = await resumeAgent(run.moved, placement);
    return run.moved.fresh === undefined ? end.output : (end as MovedEnd);
  }
  const { agent: _, input, placement: __, ...options } = run;
  const { output } = await runAgent(name, input, placement, options, 'own');
  return output;
}

const FIELDS: readonly string[] = [
  'agent',
  'input',
  'context',
  'model',
  'placement',
] satisfies (keyof AgentRun)[];

/** The same for people: an agent without a workflow of one's own. @throws InputInvalid, AgentUnknown */
export async function agent(run: AgentRun | MovedRun): Promise<Json | MovedEnd> {
  // Only Baton itself continues it.
  if (runState().continued > 0 && 'moved' in run) return runAgentAlone(run);
  checkFields(run);
  // Of another task queue this worker need not know it.
  const [unknown] = run.placement === undefined ? await unknownAgents([run.agent]) : [];
  if (unknown !== undefined)
    throw failure(
      'AgentUnknown',
      `"agent": the worker has no agent "${unknown}"; npx baton doctor names those it has`,
    );
  if (run.input === undefined) throw invalid('"input" is missing: what the agent is given');
  return runAgentAlone(run);
}

/** The edge of the run. Workflow code carries no schema library, so its input is checked by hand. @throws InputInvalid */
function checkFields(run: unknown): asserts run is AgentRun {
  if (typeof run !== 'object' || run === null) throw invalid('it is no object');
  const strange = Object.keys(run).find((field) => !FIELDS.includes(field));
  if (strange !== undefined) throw invalid(`"${strange}" is none of its fields: ${FIELDS.join(', ')}`);
  if (!('agent' in run) || typeof run.agent !== 'string') throw invalid('"agent" is the name of an agent');
}

function invalid(problem: string) {
  return failure('InputInvalid', `input of agent: ${problem}`);
}
