import type { Json } from '../../agents/json.js';
import { unknownAgents } from '../describe-agents.js';
import { failure } from '../fail.js';
import { bestOf, TRIES_OF_ONE, type BestOf } from '../patterns/best-of.js';
import { agentFunction } from '../proxy-agents.js';

export interface BestOfRun {
  /** Names of registered agents, or one. */
  agents: string | string[];
  input: Json;
  /** How often each is asked. Default 1; where one agent is named, 3. */
  tries?: number;
  /** By what the judge scores. */
  rubric?: string;
}

/** Has agents compete for the best output by a judge: `bestOf` without a workflow of one's own. @throws InputInvalid */
export async function runBestOf(run: BestOfRun): Promise<BestOf<Json>> {
  const { agents, input, ...options } = read(run);
  const unknown = await unknownAgents(agents);
  if (unknown.length > 0) throw invalid(`"agents": the worker has no agent ${unknown.join(', ')}`);
  return bestOf(
    agents.map((name) => agentFunction(name)),
    input,
    // One agent competes with itself.
    agents.length === 1 ? { tries: TRIES_OF_ONE, ...options } : options,
  );
}

/** The edge of the run. Workflow code carries no schema library, so its input is checked by hand. */
function read(run: unknown): BestOfRun & { agents: string[] } {
  if (typeof run !== 'object' || run === null) throw invalid('it is no object');
  const { agents, input, tries, rubric }: Record<string, unknown> = { ...run };
  const names = typeof agents === 'string' ? [agents] : agents;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string'))
    throw invalid('"agents" is the name of an agent, or a list of names');
  if (input === undefined) throw invalid('"input" is missing: what each agent is given');
  if (tries !== undefined && !(Number.isInteger(tries) && (tries as number) > 0))
    throw invalid('"tries" is a number from 1: how often each agent is asked');
  if (rubric !== undefined && typeof rubric !== 'string')
    throw invalid('"rubric" is a text: by what the judge scores');
  return {
    agents: names,
    // A run's input is JSON.
    input: input as Json,
    ...(tries === undefined ? {} : { tries: tries as number }),
    ...(rubric === undefined ? {} : { rubric }),
  };
}

function invalid(what: string) {
  return failure('InputInvalid', `bestOf: ${what}; such as { "agents": ["a", "b"], "input": "..." }`);
}
