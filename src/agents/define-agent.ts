import type { z } from 'zod';
import type { AgentTool } from './agent-tool.js';
import type { ContextPolicy } from './context-policy.js';
import type { Tool } from './define-tool.js';
import type { Handoffs } from './handoff.js';

/** Bounds of one agent call. */
export interface AgentLimits {
  /** Model calls at most, repairs included. Default 20. */
  turns?: number;
  /** Tool calls of one turn that may run at once. Default 8. */
  toolConcurrency?: number;
  /** Tool errors in a row before the call fails with `ToolFailed`. Default 6. */
  toolErrors?: number;
  /** How often in a row an output that fails its schema goes back to the model. Default 2. */
  repairs?: number;
  /** Tokens of one answer at most. Default: the model's own. */
  outputTokens?: number;
  /** Hand-offs of one call at most, those of the other agents in it included. Default 8. */
  handoffs?: number;
}

export interface AgentSpec<In extends z.ZodType, Out extends z.ZodType> {
  /** What the agent is for, for people and for other agents. */
  description: string;
  /** What it is good at, in words of your own, for those who choose an agent by them. */
  capabilities?: readonly string[];
  /** The system prompt. */
  instructions: string;
  /** Alias of a model of the worker; of several the first is used, and the rest are fall-backs in order. */
  model: string | readonly [string, ...string[]];
  /** Alias of the model that answers once a soft budget is spent; the others are then its fall-backs. */
  cheaper?: string;
  /** Schema of the input. Default: a string. */
  input?: In;
  /** Schema of the output, asked of the model as structured output. Default: text. */
  output?: Out;
  /** What the agent may call: tools, and other agents. The name is the one that it is registered under. */
  tools?: Readonly<Record<string, Tool | AnyAgent | AgentTool>>;
  /**
   * Agents to which this one may hand the conversation over, which then goes on with them: agents, or `handoff(agent, ...)`.
   * Agents that hand over to each other say so by a function, `() => ({ billing })`; the compiler could not infer the type of
   * one from the other otherwise, and so it does not look into the function unless its result is annotated as `Handoffs`. All of
   * them have the same output schema, as whoever answers last gives the output.
   */
  handoffs?: Handoffs<NoInfer<z.output<Out>>> | CallableFunction;
  /** Lets the agent say that its input cannot be used, and why: the call then fails with `InputRejected`. */
  rejects?: boolean;
  limits?: AgentLimits;
  /**
   * What is left out when the conversation gets longer than the model takes. Default: old tool results first, then the oldest
   * messages, which are summed up. `false`: nothing; the call then fails with `ContextOverflow`, or goes on to its next model.
   */
  context?: ContextPolicy | false;
  /** Sampling temperature. Default: the model's own. */
  temperature?: number;
  /** Holds the version of the definition that a call began with, over deploys. */
  pin?: boolean;
}

/** An agent as the worker holds it, whatever its types. */
export interface AnyAgent {
  readonly kind: 'agent';
  readonly spec: AgentSpec<z.ZodType, z.ZodType>;
}

/** An agent that takes `Input` and gives `Output`. The types exist for `proxyAgents` only. */
export interface Agent<Input, Output> extends AnyAgent {
  readonly types?: { readonly input: Input; readonly output: Output };
}

/** Defines a named role. Its name is its key among the worker's `agents`. */
export function defineAgent<
  In extends z.ZodType = z.ZodType<string, string>,
  Out extends z.ZodType = z.ZodType<string, string>,
>(spec: AgentSpec<In, Out>): Agent<z.input<In>, z.output<Out>> {
  return { kind: 'agent', spec };
}
