import { ActivityFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import type { ToolCall, ToolMessage } from '../agents/message.js';
import { readArguments } from '../agents/tool-arguments.js';
import type { CallPolicy } from '../agents/turn.js';
import { approval } from './approval.js';
import { failure, failureOf } from './fail.js';
import type { OpenEffect } from './open-effect.js';

/** A call whose activity gave no result. */
export interface LostCall {
  call: ToolCall;
  /** Index of the call in its message. */
  index: number;
  policy: CallPolicy;
  error: unknown;
}

/** What the model is told of a lost call. @throws ToolUnknown; the run's cancellation */
export function lostMessage(lost: LostCall): ToolMessage {
  const { error, policy } = lost;
  if (isCancellation(error)) throw error;
  const info = failureOf(error);
  if (info?.code === 'ToolUnknown') throw failure('ToolUnknown', info.message);
  const reason = reasonOf(error);
  return messageOf(
    lost,
    policy.write
      ? `Outcome unknown: ${reason}. It may or may not have been done; find out before doing it again.`
      : `Failed: ${reason}.`,
  );
}

/** The same where an effect is to be settled, or people are asked what became of the call. */
export async function findOut(lost: LostCall, effect: OpenEffect | undefined): Promise<ToolMessage> {
  const { error, policy, call } = lost;
  const { write, attempts, onUnknown } = policy;
  // The one worker that was asked did not have the tool.
  const isSure = attempts === 1 && failureOf(error)?.code === 'ToolUnknown';
  await effect?.settle(isSure ? 'none' : 'unknown');
  const message = lostMessage(lost);
  if (!write || !onUnknown) return message;
  const { status, approved, by, comment } = await approval({
    ...onUnknown,
    title: `Was ${call.tool} done? Its outcome is unknown`,
    details: {
      tool: call.tool,
      arguments: readArguments(call.arguments),
      reason: reasonOf(error),
      answer: 'approve: it was done; reject: it was not',
    },
  });
  if (status === 'expired') return message;
  const found = `as ${by ?? 'people'} found out${comment === undefined ? '' : `: ${comment}`}`;
  if (approved) {
    const { isError: _, ...done } = messageOf(lost, `It was done, ${found}. There is no other result.`);
    return done;
  }
  await effect?.settle('none');
  return messageOf(lost, `It was not done, ${found}.`);
}

function messageOf({ call, index }: LostCall, content: string): ToolMessage {
  return { role: 'tool', call: index, tool: call.tool, content, isError: true };
}

function reasonOf(error: unknown): string {
  const timedOut = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  return timedOut
    ? 'the worker was lost, or the call took too long'
    : (failureOf(error)?.message ?? String(error));
}
