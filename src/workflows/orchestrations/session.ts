import { patched } from '@temporalio/workflow';
import { SESSION_AGENT_PATCH } from '../../agents/names.js';
import { unknownAgents } from '../describe-agents.js';
import { failure } from '../fail.js';
import { holdSession, type SessionEnd, type SessionOptions } from '../patterns/session.js';
import { agentFunction } from '../proxy-agents.js';
import type { AgentPlacement } from '../take-turn.js';

export interface SessionRun extends SessionOptions {
  /** Name of a registered agent. */
  agent: string;
  placement?: AgentPlacement;
}

/**
 * One agent as a session: a long-lived conversation without a workflow of one's own.
 * @throws AgentUnknown where the worker that begins it does not have the agent; later ones may get it by a deploy
 */
export function runSession({ agent, placement, ...options }: SessionRun): Promise<SessionEnd> {
  return holdSession(agentFunction(agent, placement), options, async () => {
    // Of another task queue this worker need not know it.
    if (placement !== undefined || !patched(SESSION_AGENT_PATCH)) return;
    const [unknown] = await unknownAgents([agent]);
    if (unknown === undefined) return;
    throw failure(
      'AgentUnknown',
      `the worker has no agent "${unknown}"; npx baton doctor names those it has`,
    );
  });
}
