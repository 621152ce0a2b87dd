import { getExternalWorkflowHandle, isCancellation, proxyActivities, uuid4 } from '@temporalio/workflow';
import type { BatonEvent, OutgoingEvent, Reached } from '../agents/event.js';
import type { FailureCode } from '../agents/failures.js';
import { DELIVER_ACTIVITY, EVENT_SIGNAL } from '../agents/names.js';
import { failure, failureOf } from './fail.js';
import { HEARTBEAT_TIMEOUT } from './take-turn.js';

/**
 * Emits an event: to all that subscribe to it, or to the one run named by `to`. Delivery is tried until it is done.
 * @returns the runs that it reached
 * @throws EventInvalid where it does not fit a subscription's schema, and then nobody has got it; RunNotFound
 */
export async function emit({ to, id = uuid4(), data = null, ...rest }: OutgoingEvent): Promise<Reached[]> {
  const event = { id, ...rest, data, at: Date.now() };
  return to === undefined ? deliver(event) : [await tell(to, event)];
}

/** Delivers an event to its subscriptions, which the worker knows. */
export async function deliver(event: BatonEvent): Promise<Reached[]> {
  const { [DELIVER_ACTIVITY]: activity } = proxyActivities<
    Record<typeof DELIVER_ACTIVITY, (event: BatonEvent) => Promise<Reached[]>>
  >({
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
    summary: event.name,
  });
  try {
    return await activity(event);
  } catch (error) {
    const info = failureOf(error);
    if (isCancellation(error) || !info) throw error;
    throw failure(info.code as FailureCode, info.message, info.details);
  }
}

async function tell(to: string, event: BatonEvent): Promise<Reached> {
  try {
    await getExternalWorkflowHandle(to).signal(EVENT_SIGNAL, event);
  } catch (error) {
    // Named by Temporal's core after the cause in history; others, such as too many signals, say enough themselves.
    if (!failureOf(error)?.code.endsWith('NotFound')) throw error;
    throw failure('RunNotFound', `${to}: not there, or already closed`);
  }
  return { run: to, how: 'signalled' };
}
