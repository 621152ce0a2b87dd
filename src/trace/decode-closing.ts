import { decodeFailure } from './decode-failure.js';
import { decodeValues, type DecodePayload } from './decode-payload.js';
import type { Closed, CloseStatus, Failure } from './history-event.js';
import type { Numeric, Payloads, ProtoEvent, ProtoFailure } from './proto-values.js';

/** The events that end what another one has begun. */
export async function decodeClosing(event: ProtoEvent, decode: DecodePayload): Promise<Closed | undefined> {
  const end = endOf(event);
  if (!end) return undefined;
  const { status, opened, result, failure, reason } = end;
  const [output] = await decodeValues(result, decode);
  const why: Failure | undefined = reason ?? (failure ? await decodeFailure(failure, decode) : undefined);
  return {
    kind: 'closed',
    opened: Number(opened ?? 0),
    status,
    ...(output === undefined ? {} : { output }),
    ...(why ? { failure: why } : {}),
  };
}

interface End {
  status: CloseStatus;
  /** Id of the event that it ends. */
  opened: Numeric;
  result?: Payloads;
  failure?: ProtoFailure;
  /** Where Temporal gives no failure. */
  reason?: Failure;
}

function endOf(event: ProtoEvent): End | undefined {
  return endOfActivity(event) ?? endOfChild(event) ?? endOfMessage(event) ?? endOfNexusOperation(event);
}

function endOfActivity(event: ProtoEvent): End | undefined {
  const {
    activityTaskCompletedEventAttributes: completed,
    activityTaskFailedEventAttributes: failed,
    activityTaskTimedOutEventAttributes: timedOut,
    activityTaskCanceledEventAttributes: cancelled,
    timerFiredEventAttributes: fired,
    timerCanceledEventAttributes: timerCancelled,
  } = event;
  if (completed) return { status: 'completed', opened: completed.scheduledEventId, result: completed.result };
  if (failed) return { status: 'failed', opened: failed.scheduledEventId, failure: failed.failure };
  if (timedOut) return { status: 'timedOut', opened: timedOut.scheduledEventId, failure: timedOut.failure };
  if (cancelled) return { status: 'cancelled', opened: cancelled.scheduledEventId };
  if (fired) return { status: 'completed', opened: fired.startedEventId };
  return timerCancelled ? { status: 'cancelled', opened: timerCancelled.startedEventId } : undefined;
}

function endOfChild(event: ProtoEvent): End | undefined {
  const {
    childWorkflowExecutionCompletedEventAttributes: completed,
    childWorkflowExecutionFailedEventAttributes: failed,
    childWorkflowExecutionTimedOutEventAttributes: timedOut,
    childWorkflowExecutionCanceledEventAttributes: cancelled,
    childWorkflowExecutionTerminatedEventAttributes: terminated,
    startChildWorkflowExecutionFailedEventAttributes: notStarted,
  } = event;
  if (completed) return { status: 'completed', opened: completed.initiatedEventId, result: completed.result };
  if (failed) return { status: 'failed', opened: failed.initiatedEventId, failure: failed.failure };
  if (timedOut) {
    const reason = { code: 'TimedOut', message: 'the run took too long' };
    return { status: 'timedOut', opened: timedOut.initiatedEventId, reason };
  }
  if (cancelled) return { status: 'cancelled', opened: cancelled.initiatedEventId };
  if (terminated) {
    const reason = { code: 'Terminated', message: 'the run was terminated' };
    return { status: 'failed', opened: terminated.initiatedEventId, reason };
  }
  if (!notStarted) return undefined;
  const reason = { code: 'NotStarted', message: `the run ${notStarted.workflowId} could not be started` };
  return { status: 'failed', opened: notStarted.initiatedEventId, reason };
}

function endOfMessage(event: ProtoEvent): End | undefined {
  const {
    workflowExecutionUpdateCompletedEventAttributes: update,
    externalWorkflowExecutionSignaledEventAttributes: sent,
    signalExternalWorkflowExecutionFailedEventAttributes: notSent,
  } = event;
  if (update) {
    const { acceptedEventId: opened, outcome } = update;
    if (outcome?.failure) return { status: 'failed', opened, failure: outcome.failure };
    return { status: 'completed', opened, result: outcome?.success };
  }
  if (sent) return { status: 'completed', opened: sent.initiatedEventId };
  if (!notSent) return undefined;
  const reason = { code: 'NotSent', message: 'there is no such run' };
  return { status: 'failed', opened: notSent.initiatedEventId, reason };
}

function endOfNexusOperation(event: ProtoEvent): End | undefined {
  const {
    nexusOperationCompletedEventAttributes: completed,
    nexusOperationFailedEventAttributes: failed,
    nexusOperationTimedOutEventAttributes: timedOut,
    nexusOperationCanceledEventAttributes: cancelled,
  } = event;
  if (completed) {
    const result = completed.result ? { payloads: [completed.result] } : null;
    return { status: 'completed', opened: completed.scheduledEventId, result };
  }
  if (failed) return { status: 'failed', opened: failed.scheduledEventId, failure: failed.failure };
  if (timedOut) return { status: 'timedOut', opened: timedOut.scheduledEventId, failure: timedOut.failure };
  return cancelled ? { status: 'cancelled', opened: cancelled.scheduledEventId } : undefined;
}
