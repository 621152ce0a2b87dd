import { randomUUID } from 'node:crypto';
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, type Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import { EVENT_BYTES, OutgoingEvent, type BatonEvent, type Reached } from '../agents/event.js';
import { BatonError, isFailureCode } from '../agents/failures.js';
import { EMIT_ORCHESTRATION, EVENT_SIGNAL } from '../agents/names.js';

export interface EmitOptions {
  /** Task queue of the worker whose subscriptions get it. Default: the client's. */
  taskQueue?: string;
  /** How long to wait for the delivery, which goes on by itself all the same. Default: until it is done. */
  wait?: Duration;
}

/** What became of an event. */
export interface Emitted {
  /** Id of the event. */
  id: string;
  /** Whether it is delivered; false where that had not ended within `wait`. */
  delivered: boolean;
  /** The runs that have got it; none where nobody subscribes to it. */
  runs: Reached[];
}

/** Brings an event to one run. @throws BatonError `EventInvalid`; WorkflowNotFoundError */
export async function tellRun(handle: WorkflowHandle, outgoing: OutgoingEvent): Promise<Emitted> {
  const event = readEvent(outgoing);
  await handle.signal(EVENT_SIGNAL, event);
  return { id: event.id, delivered: true, runs: [{ run: handle.workflowId, how: 'signalled' }] };
}

/**
 * Emits an event from outside, by a short run of its own, `event/<event name>/<event id>`, which goes on until every
 * subscription has got it. An event of a name and id that were emitted before is not delivered again.
 * @throws BatonError `EventInvalid`
 */
export async function emitEvent(
  client: Client,
  outgoing: OutgoingEvent,
  { taskQueue, wait }: EmitOptions & { taskQueue: string },
): Promise<Emitted> {
  const event = readEvent(outgoing);
  const { id, name } = event;
  const workflowId = `event/${name}/${id}`;
  await startOnce(client, workflowId, taskQueue, event);
  const delivery = delivered(client, workflowId);
  const runs = await (wait === undefined ? delivery : Promise.race([delivery, after(msToNumber(wait))]));
  return runs ? { id, delivered: true, runs } : { id, delivered: false, runs: [] };
}

function readEvent(outgoing: OutgoingEvent): BatonEvent {
  const parsed = OutgoingEvent.safeParse(outgoing);
  if (!parsed.success) throw new BatonError('EventInvalid', z.prettifyError(parsed.error));
  const { id = randomUUID(), data = null, to: _, ...rest } = parsed.data;
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > EVENT_BYTES) {
    throw new BatonError('EventInvalid', `data: ${bytes} bytes, more than ${EVENT_BYTES}: pass a reference`);
  }
  return { id, ...rest, data, at: Date.now() };
}

async function startOnce(client: Client, workflowId: string, taskQueue: string, event: BatonEvent) {
  try {
    await client.workflow.start(EMIT_ORCHESTRATION, {
      workflowId,
      taskQueue,
      args: [event],
      staticSummary: event.name,
      // One that did not fit has reached nobody, and may be emitted again once it is corrected.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

async function delivered(client: Client, workflowId: string): Promise<Reached[]> {
  try {
    return (await client.workflow.getHandle(workflowId).result()) as Reached[];
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    const failure = cause instanceof ActivityFailure ? cause.cause : cause;
    if (!(failure instanceof ApplicationFailure) || !isFailureCode(failure.type)) throw error;
    throw new BatonError(failure.type, failure.message, { cause: error });
  }
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}
