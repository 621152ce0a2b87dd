import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure, type Duration, type Priority, type Workflow } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { BatonError, isFailureCode } from '../agents/failures.js';
import { SEND_UPDATE } from '../agents/names.js';
import type { RunOptions } from '../agents/run-options.js';
import { startingWith } from './run-options-interceptor.js';

export interface SendOptions {
  /** Id of the message: the same id again gets the same answer. Default: one of its own. */
  id?: string;
  /** How long to wait for the answer. Default 10 minutes. */
  timeout?: Duration;
}

/** How a session is begun where it is not there. */
export interface SessionStart {
  orchestration: string;
  /** The agent that is to answer, where that is known here. */
  agent?: string;
  input: unknown;
  taskQueue: string;
  options: RunOptions;
  priority?: Priority;
}

type Sent = [{ id: string; message: unknown; agent?: string }];

/** Pauses (ms) before a message is sent again. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;
/** How long (ms) a run that is there may take to begin its session. */
const BEGIN_MS = 10_000;

/**
 * Sends a session a message and gives its answer. Where the session is on its way to its next run, or the server is busy,
 * it is sent again under its id, and so answered once.
 * @throws BatonError: the code with which the agent failed, or `SessionClosed`, `RunNotFound`, `TimedOut`
 */
export async function sendMessage(
  client: Client,
  workflowId: string,
  message: unknown,
  { id = randomUUID(), timeout = '10 minutes' }: SendOptions,
  start?: SessionStart,
): Promise<unknown> {
  const until = Date.now() + msToNumber(timeout);
  const args: Sent = [{ id, message, ...(start?.agent === undefined ? {} : { agent: start.agent }) }];
  const update = { args, updateId: id };
  // Once the session has answered in any way, one that is gone has ended, and is not begun again.
  let isThere = start === undefined;
  let missedSince: number | undefined;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await client.withDeadline(until, () =>
        start && !isThere
          ? updateWithStart(client, workflowId, start, update)
          : client.workflow.getHandle(workflowId).executeUpdate<unknown, Sent>(SEND_UPDATE, update),
      );
    } catch (error) {
      const verdict = judge(error, { id, workflowId, wasThere: isThere && start !== undefined });
      if (verdict instanceof Error) throw verdict;
      if (Date.now() + pause > until) throw late(id, error);
      missedSince = verdict === 'not begun' ? (missedSince ?? Date.now()) : undefined;
      if (missedSince !== undefined && Date.now() > missedSince + BEGIN_MS) {
        throw new BatonError('SessionClosed', `run ${workflowId} has no session`, { cause: error });
      }
      isThere ||= verdict !== 'not reached';
    }
    await delay(pause);
  }
}

function updateWithStart(
  client: Client,
  workflowId: string,
  { orchestration, input, taskQueue, options, priority }: SessionStart,
  update: { args: Sent; updateId: string },
): Promise<unknown> {
  return startingWith.run(options, () => {
    const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>(orchestration, {
      workflowId,
      taskQueue,
      args: [input],
      ...(priority ? { priority } : {}),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    return client.workflow.executeUpdateWithStart<Workflow, unknown, Sent>(SEND_UPDATE, {
      ...update,
      startWorkflowOperation,
    });
  });
}

/** gRPC's codes (https://grpc.io/docs/guides/status-codes) after which the same request may be sent again. */
const BUSY = [
  8 /* RESOURCE_EXHAUSTED */,
  // The run's workflow task has failed or timed out three times, as where its workers were killed or have no time for it.
  9 /* FAILED_PRECONDITION */,
  10 /* ABORTED */, 14 /* UNAVAILABLE */,
];

/**
 * What an error means: the failure to throw, or why to send again. The session was reached and moves on, or its run ended
 * before the answer; it has not begun yet; or the server was not reached.
 */
function judge(
  error: unknown,
  { id, workflowId, wasThere }: { id: string; workflowId: string; wasThere: boolean },
): Error | 'moved' | 'not begun' | 'not reached' {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    const { type, message } = error.cause;
    if (type === 'SessionMoving' || type === 'AcceptedUpdateCompletedWorkflow') return 'moved';
    if (message.startsWith('No registered handler for update')) return 'not begun';
    return isFailureCode(type) ? new BatonError(type, message, { cause: error }) : error;
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return late(id, error);
  if (error instanceof WorkflowNotFoundError) {
    return wasThere
      ? new BatonError('SessionClosed', `session ${workflowId} ended before the answer`, { cause: error })
      : new BatonError('RunNotFound', `${workflowId}: not there, or already closed`, { cause: error });
  }
  for (let at = error; at instanceof Error; at = at.cause)
    if (isGrpcServiceError(at) && BUSY.includes(Number(at.code))) return 'not reached';
  return error instanceof Error ? error : new Error(String(error));
}

function late(id: string, cause: unknown): BatonError {
  return new BatonError('TimedOut', `no answer yet; send the message again with the id ${id} for it`, {
    cause,
  });
}
