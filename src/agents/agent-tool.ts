import type { Duration } from '@temporalio/common';
import type { Agent, AnyAgent } from './define-agent.js';
import type { ToolApproval } from './define-tool.js';
import type { Amount } from './usage.js';

/** How an agent is offered to another one as a tool. */
export interface AgentToolSpec<Input> {
  /** What it is good for, for the calling model. Default: the agent's own description. */
  description?: string;
  /** Runs it as a child workflow, with a history of its own. Default: in the caller's run. */
  child?: boolean;
  /** People must agree before it is called: always, or where the function of its input says so. */
  approval?: true | ToolApproval | ((input: Input) => boolean | ToolApproval);
  /** How long one call may take in all. Default: as long as the agent's own limits allow. */
  timeout?: Duration;
  /** What one call may spend, of what the caller may. */
  budget?: Amount;
}

/** An agent as a tool of another one. */
export interface AgentTool {
  readonly kind: 'agentTool';
  readonly agent: AnyAgent;
  readonly spec: AgentToolSpec<never>;
}

/**
 * Offers an agent to another one as a tool, among its `tools`. The calling model sees a function named after the agent; its
 * result is the agent's output. What the agent fails with is told to the calling model.
 */
export function agentTool<Input>(agent: Agent<Input, unknown>, spec: AgentToolSpec<Input> = {}): AgentTool {
  return { kind: 'agentTool', agent, spec };
}
