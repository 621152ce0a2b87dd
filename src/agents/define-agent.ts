import type { z } from 'zod';
import type { Tool } from './define-tool.js';

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
}

export interface AgentSpec<In extends z.ZodType, Out extends z.ZodType> {
  /** What the agent is for, for people and for other agents. */
  description: string;
  /** The system prompt. */
  instructions: string;
  /** Alias of a model of the worker; of several the first is used, and the rest are fall-backs in order. */
  model: string | readonly [string, ...string[]];
  /** Schema of the input. Default: a string. */
  input?: In;
  /** Schema of the output, asked of the model as structured output. Default: text. */
  output?: Out;
  /** What the agent may call. A tool's name is the one it is registered under. */
  tools?: Readonly<Record<string, Tool>>;
  limits?: AgentLimits;
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
