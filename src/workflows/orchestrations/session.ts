import { session, type SessionEnd, type SessionOptions } from '../patterns/session.js';
import { agentFunction } from '../proxy-agents.js';
import type { AgentPlacement } from '../take-turn.js';

export interface SessionRun extends SessionOptions {
  /** Name of a registered agent. */
  agent: string;
  placement?: AgentPlacement;
}

/** One agent as a session: a long-lived conversation without a workflow of one's own. */
export function runSession({ agent, placement, ...options }: SessionRun): Promise<SessionEnd> {
  return session(agentFunction(agent, placement), options);
}
