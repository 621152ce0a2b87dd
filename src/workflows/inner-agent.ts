import type { Json } from '../agents/json.js';
import type { AgentCall } from './agent-call.js';
import type { Ledger } from './ledger.js';
import type { AgentCallOptions, AgentResult } from './run-agent.js';

/** Where an agent call stands that is a part of another one. */
export interface Within {
  /** The call that it is a part of. */
  within: AgentCall;
  ledger: Ledger;
  span: string;
  /** How many agents have called each other down to it, as tools. */
  depth: number;
  /** Set where it sums up a conversation, of which nothing may be left out. */
  whole?: true;
}

/** Runs an agent as a part of another one's call. The agent loop gives itself, to those who need it and whom it needs. */
export type RunInnerAgent = (
  name: string,
  input: Json,
  options: AgentCallOptions,
  place: Within,
) => Promise<AgentResult<Json>>;
