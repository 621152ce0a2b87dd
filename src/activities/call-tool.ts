import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { cutResult } from '../agents/cut-result.js';
import type { ToolContext } from '../agents/define-tool.js';
import type { Json } from '../agents/json.js';
import type { ToolMessage } from '../agents/message.js';
import type { ToolCallContext, ToolResult } from '../agents/turn.js';
import { checkArguments } from './check-arguments.js';
import { digestOf } from './digest.js';
import { failure } from './fail.js';
import { withHeartbeat } from './heartbeat.js';
import type { RegisteredTool } from './registry.js';
import { toolAttempts } from './tool-attempts.js';
import type { TranscriptCache } from './transcript-cache.js';

/** The activity of one tool. Its activity type is the tool's name. */
export function toolActivity(registered: RegisteredTool, cache: TranscriptCache) {
  return (args: Json, call: ToolCallContext): Promise<ToolResult> =>
    withHeartbeat(async () => {
      const message = await callTool(registered, args, call);
      return { message, digest: cache.rememberMessage(message) };
    });
}

/**
 * What is wrong with the arguments, and what the handler throws, is an answer for the model. Thrown on is only what
 * another attempt may mend, where another attempt is safe and left.
 */
async function callTool(
  { name, tool }: RegisteredTool,
  args: Json,
  call: ToolCallContext,
): Promise<ToolMessage> {
  const message = (content: Json, isError?: true): ToolMessage => ({
    role: 'tool',
    call: call.call,
    tool: name,
    ...cutResult(content),
    ...(isError ? { isError } : {}),
  });

  const checked = await checkArguments(tool.spec, args);
  if (checked.problem !== undefined) return message(checked.problem, true);
  const context = contextOf(args, call);
  try {
    const result = await untilAborted(context.signal, tool.spec.run(checked.args, context));
    const output = tool.spec.output ? await tool.spec.output.parseAsync(result) : result;
    return message(toJson(output));
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    if (isTransient(error) && attemptsLeft(tool.spec)) throw error;
    return message(
      error instanceof z.ZodError
        ? `The tool's result does not fit its schema: ${z.prettifyError(error)}`
        : reasonOf(error),
      true,
    );
  }
}

/** A handler that does not look at its signal must keep neither its place in the worker nor the worker's shutdown. */
async function untilAborted(signal: AbortSignal, result: unknown): Promise<unknown> {
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: ended.signal });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    ended.abort();
  }
}

function contextOf(args: Json, call: ToolCallContext): ToolContext {
  const { info, cancellationSignal, log, heartbeat } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? { workflowId: '', runId: '' };
  return {
    signal: cancellationSignal,
    // With the arguments, so that after a reset another call in the same place has another key.
    idempotencyKey: digestOf([
      workflowId,
      call.origin ?? runId,
      call.transcript,
      call.message,
      call.call,
      digestOf(args),
    ]),
    attempt: info.attempt,
    run: { workflowId, runId },
    ...(call.tenant === undefined ? {} : { tenant: call.tenant }),
    log,
    heartbeat,
  };
}

function toJson(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

// Errors of the operating system that say that nothing answered, or that it stopped to.
const TRANSIENT = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
];

function isTransient(error: unknown): boolean {
  if (error instanceof ApplicationFailure) return !error.nonRetryable;
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && TRANSIENT.includes(error.code)) return true;
  return error.cause !== undefined && isTransient(error.cause);
}

function attemptsLeft(spec: RegisteredTool['tool']['spec']): boolean {
  const { attempt, retryPolicy } = Context.current().info;
  // An activity that the server dispatches eagerly is not told its policy; it is the one that the turn resolved.
  const attempts = retryPolicy?.maximumAttempts ?? toolAttempts(spec);
  return attempts === 0 || attempt < attempts;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The activity for names that no tool has: a worker of the queue that was deployed without the tool. */
export function unknownActivity(): never {
  const { activityType } = Context.current().info;
  throw failure('ToolUnknown', `this worker has no tool or activity "${activityType}"`);
}
