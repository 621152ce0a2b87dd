import { patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { AGENT_LIMITS } from '../agents/agent-limits.js';
import type { Json } from '../agents/json.js';
import type { ToolCall, ToolMessage } from '../agents/message.js';
import { EDITED_PATCH, READ_ACTIVITY } from '../agents/names.js';
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
/** The call as it is to be made, and what people changed of it. */
type Consent = { call: ToolCall; edited?: string } | { refusal: string };

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
  const perform = (call: ToolCall, index: number) => {
    const policy = step.calls[index];
    if (!policy) throw failure('BadRequest', `call ${index} of ${agent.name} has no policy`);
    const agentCall = agentCalls[index];
    const askAgent =
      agentCall && ((made: ToolCall) => callAgentTool(agent, { ...agentCall, call: made }, runInner));
    return performCall(agent, call, policy, { message: place, call: index }, askAgent);
  };
  const [first] = calls;
  // One alone needs no scope: the SDK notes the stack of every promise, and a scope has ten.
  const outcomes =
    first && calls.length === 1 ? [await perform(first, 0)] : await inWindow(size, calls, perform);
  for (const { message, digest } of outcomes) agent.transcript.append(message, digest);
}

async function performCall(
  agent: AgentCall,
  asked: ToolCall,
  policy: CallPolicy,
  place: Pick<ToolCallContext, 'message' | 'call'>,
  askAgent: ((made: ToolCall) => Promise<ToolMessage>) | undefined,
): Promise<Outcome> {
  if (policy.told !== undefined) {
    return { message: { role: 'tool', call: place.call, tool: asked.tool, content: policy.told } };
  }
  if (policy.problem !== undefined) return { message: errorMessage(asked, place.call, policy.problem) };
  const consent = policy.approval ? await consentTo(agent, asked, policy.approval) : { call: asked };
  if ('refusal' in consent) return { message: errorMessage(asked, place.call, consent.refusal) };
  const { call, ...edited } = consent;
  if (askAgent) return { message: { ...(await askAgent(call)), ...edited } };
  const { tenant } = runState().options;
  const context: ToolCallContext = {
    transcript: agent.transcript.id,
    ...place,
    ...originOf(policy),
    ...(tenant === undefined ? {} : { tenant }),
    by: [agent.name, agent.turns],
    ...(policy.stored ? { stored: policy.stored } : {}),
  };
  // Old histories replay by the ticks that they took: a call that nobody can undo takes none more.
  const effect = policy.compensate ? await effectOf(call, policy, context) : undefined;
  let outcome: Outcome;
  try {
    outcome = await schedule(call, policy, context, effect !== undefined);
  } catch (error) {
    if (policy.write) agent.wrote();
    const lost = { call, index: place.call, policy, error };
    if (!effect && !policy.onUnknown) return { message: { ...lostMessage(lost), ...edited } };
    return { message: { ...(await findOut(lost, effect)), ...edited } };
  }
  if (policy.write && !outcome.message.isError) agent.wrote();
  if (effect) await effect.settle(outcome.message.isError ? 'none' : { result: outcome.message });
  // The digest is of the message as the activity gave it.
  return edited.edited === undefined ? outcome : { message: { ...outcome.message, ...edited } };
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

/**
 * Asks people whether the call may run. What they decide against is an answer for the model; what they change of its arguments is
 * made instead, and the model is told.
 */
async function consentTo(
  agent: AgentCall,
  call: ToolCall,
  rule: NonNullable<CallPolicy['approval']>,
): Promise<Consent> {
  const { title = `${agent.name} wants to call ${call.tool}`, ...rest } = rule;
  const decision = await approval({
    title,
    details: { tool: call.tool, arguments: readArguments(call.arguments) },
    ...rest,
  });
  const { edits } = decision;
  if (decision.approved)
    return edits !== undefined && patched(EDITED_PATCH) ? withEdits(call, edits, decision.by) : { call };
  const by = decision.by === undefined ? '' : ` by ${decision.by}`;
  const comment = decision.comment === undefined ? '' : `: ${decision.comment}`;
  return {
    refusal:
      decision.status === 'expired'
        ? 'Not done: nobody approved it in time.'
        : `Not done: rejected${by}${comment}`,
  };
}

function withEdits(call: ToolCall, edits: Json, by = 'A person'): Consent {
  const edited = `${by} changed the arguments of your call of ${call.tool}: it was made with ${JSON.stringify(edits)} instead of ${call.arguments}.`;
  return { call: { ...call, arguments: JSON.stringify(edits) }, edited };
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
