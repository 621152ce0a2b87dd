import type { Agent, AnyAgent } from './define-agent.js';
import type { HandoffTranscript } from './turn.js';

/** How the conversation is handed over to an agent. */
export interface HandoffSpec {
  /**
   * What of the transcript goes along. `all` (the default): the conversation itself goes on. `last`: a new one begins with the
   * last input and what the agent that hands over says. `summary`: the same, with a summary of the conversation before it.
   */
  transcript?: HandoffTranscript;
  /** Makes the summary: an agent whose input is text. Default: one of Baton's own. */
  summariser?: AnyAgent;
  /** When to hand over, for the model. Default: the agent's own description. */
  description?: string;
}

/** An agent to which another one may hand the conversation over. */
export interface Handoff<Output = unknown> {
  readonly kind: 'handoff';
  readonly to: Agent<unknown, Output>;
  readonly spec: HandoffSpec;
}

/** Agents to hand over to. The keys are for the reader: the model is shown the names under which they are registered. */
export type Handoffs<Output = unknown> = Readonly<Record<string, Agent<unknown, Output> | Handoff<Output>>>;

/** Says how the conversation is handed over to an agent, among another one's `handoffs`. */
export function handoff<Output>(to: Agent<unknown, Output>, spec: HandoffSpec = {}): Handoff<Output> {
  return { kind: 'handoff', to, spec };
}
