import type { Agent, AnyAgent } from '../agents/define-agent.js';
import type { Json, Jsonify } from '../agents/json.js';
import { runAgent, type AgentCallOptions, type AgentResult } from './run-agent.js';
import type { AgentPlacement } from './take-turn.js';

/** An agent as workflow code sees it: a function from its input to its output. */
export interface AgentFunction<Input, Output> {
  (input: Input): Promise<Output>;
  /** The same with options, and with usage, cost and transcript beside the output. */
  run(input: Input, options?: AgentCallOptions): Promise<AgentResult<Output>>;
}

/** The agents among a module's exports, as functions. */
export type AgentsOf<Module> = {
  readonly [K in keyof Module as Module[K] extends AnyAgent ? K : never]: Module[K] extends Agent<
    infer Input,
    infer Output
  >
    ? AgentFunction<Input, Jsonify<Output>>
    : never;
};

/**
 * Agents as functions for workflow code, typed by a type import of the module that defines them. A call runs the agent
 * loop in this workflow; each of its turns and tool calls is an activity.
 *
 * A call throws an `ApplicationFailure` whose type is a code of the failure table (see `failureOf`).
 */
export function proxyAgents<Module>(placement: AgentPlacement = {}): AgentsOf<Module> {
  const make = (name: string): AgentFunction<Json, Json> => {
    const run = (input: Json, options: AgentCallOptions = {}) => runAgent(name, input, placement, options);
    return Object.assign(async (input: Json) => (await run(input)).output, { run });
  };
  // The names and types come from `Module`, which exists at compile time only.
  return new Proxy(
    {},
    { get: (_, name) => (typeof name === 'string' ? make(name) : undefined) },
  ) as AgentsOf<Module>;
}
