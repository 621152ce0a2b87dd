import { Context, type Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { ToolContext } from '../agents/define-tool.js';
import type { FailureCode } from '../agents/failures.js';
import type { Json } from '../agents/json.js';
import type { ToolMessage } from '../agents/message.js';
import type { ToolCallContext, ToolResult } from '../agents/turn.js';
import { beginAttempt, endAttempt, lostAttempt } from './attempt-log.js';
import { checkArguments } from './check-arguments.js';
import { outcomeBeforeReset } from './before-reset.js';
import { failure } from './fail.js';
import { fitResult } from './fit-result.js';
import { withHeartbeat } from './heartbeat.js';
import { callKey } from './idempotency-key.js';
import { lostConnection } from './lost-connection.js';
import type { RegisteredTool } from './registry.js';
import { isRepeatable, toolAttempts } from './tool-attempts.js';
import type { TranscriptCache } from './transcript-cache.js';
import { untilAborted } from './until-aborted.js';

/** The activity of one tool. Its activity type is the tool's name. */
export function toolActivity(registered: RegisteredTool, cache: TranscriptCache, resultBytes?: number) {
  return (args: Json, call: ToolCallContext): Promise<ToolResult> =>
    withHeartbeat(async () => {
      const message =
        (await madeBefore(registered, args, call)) ?? (await callTool(registered, args, call, resultBytes));
      return { message, digest: cache.rememberMessage(message) };
    });
}

/**
 * The result of a call that was made before its run was reset: an effect that may not be repeated is not repeated then either.
 * @throws OutcomeUnknown where it was begun then, and nobody knows how it ended
 */
async function madeBefore(
  { name, tool: { spec } }: RegisteredTool,
  args: Json,
  call: ToolCallContext,
): Promise<ToolMessage | undefined> {
  const { info, client } = Context.current();
  const run = runOf(info);
  if (isRepeatable(spec) || (call.began ?? call.origin) === run.runId) return undefined;
  const message = await outcomeBeforeReset(client, run, name, callKey(run, call, args));
  if (message === 'unknown') throw failure('OutcomeUnknown', 'it was begun before the run was reset');
  return message;
}

/**
 * What is wrong with the arguments, and what the handler throws, is an answer for the model. Thrown on is only what
 * another attempt may mend, where another attempt is safe and left.
 */
async function callTool(
  { name, tool }: RegisteredTool,
  args: Json,
  call: ToolCallContext,
  resultBytes: number | undefined,
): Promise<ToolMessage> {
  const message = async (content: Json, isError?: true): Promise<ToolMessage> => ({
    role: 'tool',
    call: call.call,
    tool: name,
    ...(await fitResult(content, tool.spec.resultBytes ?? resultBytes)),
    ...(isError ? { isError } : {}),
  });

  const checked = await checkArguments(tool.spec, args);
  if (checked.problem !== undefined) return message(checked.problem, true);
  const context = contextOf(args, call);
  beginAttempt();
  let isDone = false;
  try {
    const result = await untilAborted(context.signal, tool.spec.run(checked.args, context));
    isDone = true;
    const output = tool.spec.output ? await tool.spec.output.parseAsync(result) : result;
    return message(toJson(output));
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    const isWrite = tool.spec.effect === 'write';
    // What it gave may be of no use: it was done all the same.
    const isOpen = isWrite && (isDone || isUnknown(error));
    if (isTransient(error) && attemptsLeft(tool.spec)) {
      if (isWrite && !isOpen) endAttempt(true);
      throw error;
    }
    const reason = reasonOf(error);
    if (isOpen) throw failure('OutcomeUnknown', reason);
    return message(reason, true);
  }
}

function contextOf(args: Json, call: ToolCallContext): ToolContext {
  const { info, cancellationSignal, log, heartbeat } = Context.current();
  const run = runOf(info);
  return {
    signal: cancellationSignal,
    idempotencyKey: callKey(run, call, args),
    attempt: info.attempt,
    run,
    ...(call.tenant === undefined ? {} : { tenant: call.tenant }),
    log,
    // Temporal knows of no heartbeats of local activities.
    heartbeat: info.isLocal ? () => undefined : heartbeat,
  };
}

function toJson(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

function runOf({ workflowExecution }: Info) {
  const { workflowId, runId } = workflowExecution ?? { workflowId: '', runId: '' };
  return { workflowId, runId };
}

function isTransient(error: unknown): boolean {
  if (error instanceof ApplicationFailure) return !error.nonRetryable;
  return lostConnection(error) !== undefined;
}

/** Whether what a write's handler threw leaves open whether its effect happened, in this attempt or in one before it. */
function isUnknown(error: unknown): boolean {
  if (lostAttempt()) return true;
  if (error instanceof ApplicationFailure) return error.type === ('OutcomeUnknown' satisfies FailureCode);
  // It was answered, by what cannot be read.
  return error instanceof z.ZodError || lostConnection(error) === 'brokenOff';
}

function attemptsLeft(spec: RegisteredTool['tool']['spec']): boolean {
  const { attempt, retryPolicy, isLocal } = Context.current().info;
  // Those of the ordinary activity that follows.
  if (isLocal) return toolAttempts(spec) > 1;
  // An activity that the server dispatches eagerly is not told its policy; it is the one that the turn resolved.
  const attempts = retryPolicy?.maximumAttempts ?? toolAttempts(spec);
  return attempts === 0 || attempt < attempts;
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return `The tool's result does not fit its schema: ${z.prettifyError(error)}`;
  return isErrorLike(error) ? error.message : String(error);
}

/** Also of errors of another context, as what `fetch` throws in tests. */
function isErrorLike(error: unknown): error is { message: string } {
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  );
}

/** The activity for names that no tool has: a worker of the queue that was deployed without the tool. */
export function unknownActivity(): never {
  const { activityType } = Context.current().info;
  throw failure('ToolUnknown', `this worker has no tool or activity "${activityType}"`);
}
