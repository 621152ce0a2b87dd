import type { Agent, AnyAgent } from '../agents/define-agent.js';
import type { Json, Jsonify } from '../agents/json.js';
import { RESERVED_PREFIX } from '../agents/names.js';
import { withFallbacks, type FallbackOption } from './fall-back.js';
import { named, namedCallOf } from './named-call.js';
import { checkPlacement } from './local-turn.js';
import { runAgent, type AgentCallOptions, type AgentResult } from './run-agent.js';
import type { AgentPlacement } from './take-turn.js';

/** An agent as workflow code sees it: a function from its input to its output. */
export interface AgentFunction<Input, Output> {
  (input: Input): Promise<Output>;
  /** The same with options, and with usage, cost and transcript beside the output. */
  run(input: Input, options?: AgentCallOptions & FallbackOption<Input, Output>): Promise<AgentResult<Output>>;
  readonly agentName: string;
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
  // The names and types come from `Module`, which exists at compile time only.
  return new Proxy(
    {},
    { get: (_, name) => (typeof name === 'string' ? agentFunction(name, placement) : undefined) },
  ) as AgentsOf<Module>;
}

/** The agent of a name as a function. Types are the caller's to know. */
export function agentFunction<Input = Json, Output = Json>(
  name: string,
  placement: AgentPlacement = {},
): AgentFunction<Input, Output> {
  const run = (
    input: Input,
    { fallback, ...options }: AgentCallOptions & FallbackOption<Input, Output> = {},
  ) => {
    // What comes back is the agent's output after its way through JSON, which the type says.
    const ask = async () => {
      checkPlacement(name, placement);
      return runAgent(name, input as Json, placement, options) as Promise<AgentResult<Output>>;
    };
    if (fallback === undefined) return ask();
    return withFallbacks(ask, { name, placement, input, fallbacks: [fallback].flat() });
  };
  const call = async (input: Input) => (await run(input)).output;
  return named(Object.assign(call, { run, agentName: name }), { kind: 'agent', name, placement });
}

/** Whether a function is an agent's, which can go on with a transcript. */
export function isAgentFunction<Input, Output>(
  fn: (input: Input) => Promise<Output>,
): fn is AgentFunction<Input, Output> {
  return namedCallOf(fn)?.kind === 'agent';
}

/** One of Baton's own agents, such as the judge. */
export function builtIn<Input = Json, Output = Json>(name: string): AgentFunction<Input, Output> {
  return agentFunction(`${RESERVED_PREFIX}${name}`);
}
