import { unknownAgents } from '../describe-agents.js';
import { failure } from '../fail.js';
import { debate, type DebateResult } from '../patterns/debate.js';
import type { Speaker } from '../patterns/group-chat.js';
import { agentFunction, builtIn } from '../proxy-agents.js';

export interface DebateRun {
  topic: string;
  /** Names of agents that take text, one a side. Default: Baton's own debater for each position. */
  agents?: string[];
  /** What the sides argue for, in the agents' order. Default without agents: `for` and `against`. */
  positions?: string[];
  /** Turns of each side, at most 20. Default 2. */
  rounds?: number;
  /** Name of the agent that judges, with the input and output of `baton_judge`, which is the default. */
  judge?: string;
  /** By what it judges. */
  rubric?: string;
}

const MAX_ROUNDS = 20;
const MAX_SIDES = 10;

/** A debate without a workflow of one's own. @throws InputInvalid */
export async function runDebate(input: DebateRun): Promise<DebateResult<string>> {
  const {
    topic,
    rounds,
    judge,
    rubric,
    agents,
    positions = agents ? undefined : ['for', 'against'],
  } = read(input);
  await checkKnown([...(agents ?? []), ...(judge === undefined ? [] : [judge])]);
  const names = agents && new Set(agents).size === agents.length ? agents : (positions ?? []);
  const speakers = names.map((name, place): [string, Speaker<string>] => {
    const agent = agents?.[place];
    return [name, agent === undefined ? builtIn('debater') : agentFunction(agent)];
  });
  return debate(Object.fromEntries(speakers), topic, {
    ...(positions
      ? { positions: Object.fromEntries(names.map((name, place) => [name, positions[place] ?? ''])) }
      : {}),
    ...(rounds === undefined ? {} : { rounds }),
    ...(judge === undefined ? {} : { judge: agentFunction(judge) }),
    ...(rubric === undefined ? {} : { rubric }),
  });
}

/** The edge of the run. Workflow code carries no schema library, so the input is checked by hand. */
function read(input: unknown): DebateRun {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalid('give an object such as { "topic": "...", "agents": ["optimist", "sceptic"] }');
  const { topic, agents, positions, rounds, judge, rubric } = input as Record<string, unknown>;
  if (!isText(topic)) throw invalid('"topic" is missing: the question to debate, a text');
  if (agents !== undefined) checkSides('agents', agents);
  if (positions !== undefined) checkSides('positions', positions);
  if (
    rounds !== undefined &&
    !(Number.isInteger(rounds) && Number(rounds) >= 1 && Number(rounds) <= MAX_ROUNDS)
  )
    throw invalid(`"rounds" is a whole number from 1 to ${MAX_ROUNDS}`);
  if (judge !== undefined && !isText(judge)) throw invalid('"judge" is the name of an agent');
  if (rubric !== undefined && !isText(rubric)) throw invalid('"rubric" is a text');
  const run = input as DebateRun;
  const { length } = run.agents ?? [];
  if (run.agents && run.positions && length !== run.positions.length)
    throw invalid(`"positions" are as many as "agents": ${length}, not ${run.positions.length}`);
  if (run.positions && new Set(run.positions).size < run.positions.length)
    throw invalid('"positions" differ from each other');
  if (run.agents && !run.positions && new Set(run.agents).size < length)
    throw invalid('one agent on several sides needs "positions"');
  return run;
}

function checkSides(field: string, value: unknown): void {
  if (!Array.isArray(value) || !value.every(isText) || value.length < 2 || value.length > MAX_SIDES)
    throw invalid(`"${field}" is a list of 2 to ${MAX_SIDES} texts, one a side`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

async function checkKnown(names: readonly string[]): Promise<void> {
  const unknown = await unknownAgents(names);
  if (unknown.length > 0)
    throw invalid(`this worker has no agent ${unknown.map((name) => `"${name}"`).join(', ')}`);
}

function invalid(message: string) {
  return failure('InputInvalid', `debate: ${message}`);
}
