import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import { AGENT_LIMITS } from '../agents/agent-limits.js';
import type { Json } from '../agents/json.js';
import type { ToolCall, ToolMessage } from '../agents/message.js';
import { READ_ACTIVITY } from '../agents/names.js';
import { readArguments } from '../agents/tool-arguments.js';
import type { CallPolicy, NextStep, ToolCallContext, ToolResult } from '../agents/turn.js';
import type { AgentCall } from './agent-call.js';
import { approval } from './approval.js';
import { callAgentTool, openAgentCalls } from './call-agent-tool.js';
import { failure } from './fail.js';
import type { RunInnerAgent } from './inner-agent.js';
import { callLocalTool } from './local-tool.js';
import { findOut, lostMessage } from './lost-call.js';
import { openEffect, type OpenEffect } from './open-effect.js';
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
  const context: ToolCallContext = {
    transcript: agent.transcript.id,
    ...place,
    ...originOf(policy),
    ...(tenant === undefined ? {} : { tenant }),
    ...(policy.stored ? { stored: policy.stored } : {}),
  };
  // Old histories replay by the ticks that they took: a call that nobody can undo takes none more.
  const effect = policy.compensate ? await effectOf(call, policy, context) : undefined;
  let outcome: Outcome;
  try {
    outcome = await schedule(call, policy, context, effect !== undefined);
  } catch (error) {
    const lost = { call, index: place.call, policy, error };
    if (!effect && !policy.onUnknown) return { message: lostMessage(lost) };
    return { message: await findOut(lost, effect) };
  }
  if (effect) await effect.settle(outcome.message.isError ? 'none' : { result: outcome.message });
  return outcome;
}

function effectOf(
  { tool, arguments: text }: ToolCall,
  policy: CallPolicy,
  context: ToolCallContext,
): Promise<OpenEffect | undefined> {
  const args = readArguments(text);
  return openEffect({ tool, args, title: summaryOf(tool, args), context }, policy);
}

/**
 * What keeps calls of the same place apart from those of other runs: a run that is continued as new counts its transcripts from 0
 * again. It stays the same over a reset. Empty where the run's own id does that, but for writes: Temporal makes one that is under
 * way at a reset again as it was scheduled, in a run of another id.
 */
function originOf({ write }: CallPolicy): Pick<ToolCallContext, 'origin' | 'began'> {
  const { runId, cronSchedule, originalExecutionRunId: began, firstExecutionRunId } = workflowInfo();
  // The runs of a schedule of old are one chain.
  const first = cronSchedule === undefined ? firstExecutionRunId : began;
  const { continued } = runState();
  const origin = continued > 0 ? `${first}/${continued}` : first;
  if (write) return origin === began ? { origin } : { origin, began };
  return origin === runId ? {} : { origin };
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

/** @param isWaited whether a call that is cancelled is waited for, so that its outcome may still be known */
function schedule(
  call: ToolCall,
  policy: CallPolicy,
  context: ToolCallContext,
  isWaited: boolean,
): Promise<ToolResult> {
  const args = readArguments(call.arguments);
  const summary = summaryOf(call.tool, args);
  const ordinary = (attempts: number) =>
    scheduleActivity(
      policy.stored ? READ_ACTIVITY : call.tool,
      { ...policy, attempts },
      { args, context, summary, isWaited },
    );
  return policy.local && runState().local.take()
    ? callLocalTool({ tool: call.tool, policy, args, context, summary }, ordinary)
    : ordinary(policy.attempts);
}

function scheduleActivity(
  name: string,
  policy: CallPolicy,
  {
    args,
    context,
    summary,
    isWaited,
  }: { args: Json; context: ToolCallContext; summary: string; isWaited: boolean },
): Promise<ToolResult> {
  const activities = proxyActivities<
    Record<string, (args: Json, context: ToolCallContext) => Promise<ToolResult>>
  >({
    startToCloseTimeout: policy.timeout,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: policy.attempts, initialInterval: '1 second' },
    summary,
    ...(isWaited ? { cancellationType: 'WAIT_CANCELLATION_COMPLETED' } : {}),
    ...(policy.taskQueue === undefined ? {} : { taskQueue: policy.taskQueue }),
  });
  const tool = activities[name];
  if (!tool) throw failure('ToolUnknown', name);
  return runState().local.recordedBy(tool(args, context));
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
