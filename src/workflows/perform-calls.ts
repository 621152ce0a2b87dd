import {
  ActivityFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { AGENT_LIMITS } from '../agents/agent-limits.js';
import type { Json } from '../agents/json.js';
import type { ToolCall, ToolMessage } from '../agents/message.js';
import { readArguments } from '../agents/tool-arguments.js';
import type { CallPolicy, NextStep, ToolCallContext, ToolResult } from '../agents/turn.js';
import type { AgentCall } from './agent-call.js';
import { approval } from './approval.js';
import { callAgentTool, openAgentCalls } from './call-agent-tool.js';
import { failure, failureOf } from './fail.js';
import type { RunInnerAgent } from './inner-agent.js';
import { runState } from './run-state.js';
import { HEARTBEAT_TIMEOUT } from './take-turn.js';
import { inWindow } from './window.js';

export type CallsStep = Extract<NextStep, { kind: 'tools' | 'handoff' }>;

type Outcome = { message: ToolMessage; digest?: string };

/** Runs the calls of an assistant message, a few at once, and appends their results in the order of the calls. */
export async function performCalls(
  agent: AgentCall,
  calls: readonly ToolCall[],
  step: CallsStep,
  runInner: RunInnerAgent,
): Promise<void> {
  const place = agent.transcript.length - 1;
  const agentCalls = openAgentCalls(agent, calls, step.calls);
  const size = step.concurrency ?? AGENT_LIMITS.toolConcurrency;
  const outcomes = await inWindow(size, calls, (call, index) => {
    const policy = step.calls[index];
    if (!policy) throw failure('BadRequest', `call ${index} of ${agent.name} has no policy`);
    const agentCall = agentCalls[index];
    const askAgent = agentCall && (() => callAgentTool(agent, agentCall, runInner));
    return performCall(agent, call, policy, { message: place, call: index }, askAgent);
  });
  for (const { message, digest } of outcomes) agent.transcript.append(message, digest);
}

async function performCall(
  agent: AgentCall,
  call: ToolCall,
  policy: CallPolicy,
  place: Pick<ToolCallContext, 'message' | 'call'>,
  askAgent: (() => Promise<ToolMessage>) | undefined,
): Promise<Outcome> {
  if (policy.told !== undefined) {
    return { message: { role: 'tool', call: place.call, tool: call.tool, content: policy.told } };
  }
  const problem = policy.problem ?? (policy.approval && (await refusal(agent, call, policy.approval)));
  if (problem !== undefined) return { message: errorMessage(call, place.call, problem) };
  if (askAgent) return { message: await askAgent() };
  const { tenant } = runState().options;
  const origin = callOrigin();
  const context: ToolCallContext = {
    transcript: agent.transcript.id,
    ...place,
    ...(origin === undefined ? {} : { origin }),
    ...(tenant === undefined ? {} : { tenant }),
  };
  try {
    return await schedule(call, policy, context);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { message: errorMessage(call, place.call, lostReason(error, policy)) };
  }
}

/**
 * What keeps calls of the same place apart from those of other runs: a run that is continued as new counts its transcripts from 0
 * again. It stays the same over a reset. Undefined where the run's own id does that.
 */
function callOrigin(): string | undefined {
  const { runId, firstExecutionRunId } = workflowInfo();
  const { continued } = runState();
  if (continued > 0) return `${firstExecutionRunId}/${continued}`;
  return firstExecutionRunId === runId ? undefined : firstExecutionRunId;
}

/** Asks people whether the call may run. What they decide against is an answer for the model. */
async function refusal(
  agent: AgentCall,
  call: ToolCall,
  rule: NonNullable<CallPolicy['approval']>,
): Promise<string | undefined> {
  const { title = `${agent.name} wants to call ${call.tool}`, ...rest } = rule;
  const decision = await approval({
    title,
    details: { tool: call.tool, arguments: readArguments(call.arguments) },
    ...rest,
  });
  if (decision.approved) return undefined;
  const by = decision.by === undefined ? '' : ` by ${decision.by}`;
  const comment = decision.comment === undefined ? '' : `: ${decision.comment}`;
  return decision.status === 'expired'
    ? 'Not done: nobody approved it in time.'
    : `Not done: rejected${by}${comment}`;
}

function schedule(call: ToolCall, policy: CallPolicy, context: ToolCallContext): Promise<ToolResult> {
  const args = readArguments(call.arguments);
  const activities = proxyActivities<
    Record<string, (args: Json, context: ToolCallContext) => Promise<ToolResult>>
  >({
    startToCloseTimeout: policy.timeout,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: policy.attempts, initialInterval: '1 second' },
    summary: summaryOf(call.tool, args),
    ...(policy.taskQueue === undefined ? {} : { taskQueue: policy.taskQueue }),
  });
  const tool = activities[call.tool];
  if (!tool) throw failure('ToolUnknown', call.tool);
  return tool(args, context);
}

/** What the model is told of a call whose activity gave no result. @throws ToolUnknown */
function lostReason(error: unknown, { write }: CallPolicy): string {
  const info = failureOf(error);
  if (info?.code === 'ToolUnknown') throw failure('ToolUnknown', info.message);
  const timedOut = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  const reason = timedOut
    ? 'the worker was lost, or the call took too long'
    : (info?.message ?? String(error));
  return write
    ? `Outcome unknown: ${reason}. It may or may not have been done; find out before doing it again.`
    : `Failed: ${reason}.`;
}

function errorMessage({ tool }: ToolCall, call: number, content: string): ToolMessage {
  return { role: 'tool', call, tool, content, isError: true };
}

/** The call as one line for Temporal's UI: the tool and the first text among its arguments. */
function summaryOf(tool: string, args: Json): string {
  const values = typeof args === 'object' && args !== null ? Object.values(args) : [args];
  const hint = values.find((value) => typeof value === 'string' && value !== '');
  return typeof hint === 'string' ? `${tool} · "${hint.length > 60 ? `${hint.slice(0, 59)}…` : hint}"` : tool;
}
