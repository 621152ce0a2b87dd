import { Context } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { z } from 'zod';
import type { Subscription } from '../agents/define-subscription.js';
import { BatonEvent, EVENT_BYTES, type Reached } from '../agents/event.js';
import { EVENT_SIGNAL } from '../agents/names.js';
import { failure } from './fail.js';
import { withHeartbeat } from './heartbeat.js';

interface Delivery {
  name: string;
  subscription: Subscription;
  data: unknown;
  key?: string;
}

/** Subscriptions that have got the event, by name. */
type Progress = Record<string, Reached>;

/**
 * The activity that delivers an event to this worker's subscriptions. All of them read it before any run is started. Where a
 * delivery fails the activity is tried again, and leaves out those that have got it, as its heartbeat says. What a worker did
 * not come to report before it died is delivered again: a run that goes on knows the event by its id, one of a key that has
 * ended since begins anew.
 */
export function deliverActivity(subscriptions: ReadonlyMap<string, Subscription>) {
  return (raw: unknown): Promise<Reached[]> => {
    // What this activity itself reported, by subscription.
    const reached = { ...(Context.current().info.heartbeatDetails as Progress | undefined) };
    return withHeartbeat(async () => deliverAll(subscriptions, readEvent(raw), reached), reached);
  };
}

async function deliverAll(
  subscriptions: ReadonlyMap<string, Subscription>,
  event: BatonEvent,
  reached: Progress,
): Promise<Reached[]> {
  const deliveries = await Promise.all(
    [...subscriptions]
      .filter(([, subscription]) => subscription.events.includes(event.name))
      .map(([name, subscription]) => read(name, subscription, event)),
  );
  const context = Context.current();
  const { client, info } = context;
  const outcomes = await Promise.allSettled(
    deliveries.map(async (delivery) => {
      const got = (reached[delivery.name] ??= await deliver(client, info.taskQueue, event, delivery));
      context.heartbeat(reached);
      return got;
    }),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function readEvent(raw: unknown): BatonEvent {
  const parsed = BatonEvent.safeParse(raw);
  if (!parsed.success) throw failure('EventInvalid', z.prettifyError(parsed.error));
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data.data));
  if (bytes > EVENT_BYTES) {
    throw failure(
      'EventInvalid',
      `the data of "${parsed.data.name}" has ${bytes} bytes, more than ${EVENT_BYTES}`,
    );
  }
  return parsed.data;
}

async function read(name: string, subscription: Subscription, event: BatonEvent): Promise<Delivery> {
  const reading = await subscription.read(event.data);
  if (reading.ok) {
    const { data, key } = reading;
    return { name, subscription, data, ...(key === undefined ? {} : { key }) };
  }
  throw failure('EventInvalid', `"${event.name}" for the subscription "${name}": ${reading.problem}`);
}

async function deliver(
  client: Client,
  ownQueue: string,
  event: BatonEvent,
  { name, subscription, data, key }: Delivery,
): Promise<Reached> {
  const { orchestration, taskQueue = ownQueue } = subscription;
  if (key !== undefined) {
    const run = `${name}/${key}`;
    await client.workflow.signalWithStart(orchestration, {
      workflowId: run,
      taskQueue,
      args: [key],
      signal: EVENT_SIGNAL,
      signalArgs: [{ ...event, data, key }],
    });
    return { run, subscription: name, how: 'signalled' };
  }
  const run = `${name}/${event.name}/${event.id}`;
  try {
    await client.workflow.start(orchestration, {
      workflowId: run,
      taskQueue,
      args: [data],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
    });
    return { run, subscription: name, how: 'started' };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { run, subscription: name, how: 'known' };
  }
}
