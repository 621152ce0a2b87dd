import { NOTES_MEMO } from '../agents/names.js';
import { decodeFailure } from './decode-failure.js';
import { decodeValue, decodeValues, type DecodePayload } from './decode-payload.js';
import type { CloseStatus, EventContent, RunClosed } from './history-event.js';
import type { ProtoEvent } from './proto-values.js';

/** Of `temporal.api.enums.v1.ContinueAsNewInitiator`. */
const BY_CRON = 3;

/** What happens to the run itself. */
export async function decodeRunEvent(
  event: ProtoEvent,
  decode: DecodePayload,
): Promise<EventContent | undefined> {
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) {
    const { parentWorkflowExecution: parent, originalExecutionRunId: runId, initiator } = started;
    // Each run of a schedule is a run of its own.
    const continuedFrom = initiator === BY_CRON ? undefined : started.continuedExecutionRunId;
    return {
      kind: 'runStarted',
      workflowId: started.workflowId ?? '',
      runId: runId ?? '',
      type: started.workflowType?.name ?? '',
      input: await decodeValues(started.input, decode),
      ...(continuedFrom ? { continuedFrom } : {}),
      ...(started.taskQueue?.name ? { taskQueue: started.taskQueue.name } : {}),
      ...(parent ? { parent: { workflowId: parent.workflowId ?? '', runId: parent.runId ?? '' } } : {}),
    };
  }
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) {
    return {
      kind: 'signalled',
      name: signal.signalName ?? '',
      input: await decodeValues(signal.input, decode),
      ...(signal.identity ? { identity: signal.identity } : {}),
    };
  }
  const cancel = event.workflowExecutionCancelRequestedEventAttributes;
  if (cancel) {
    const input = cancel.cause ? [cancel.cause] : [];
    const identity = cancel.identity ? { identity: cancel.identity } : {};
    return { kind: 'signalled', name: 'cancel', input, ...identity };
  }
  if (event.workflowTaskCompletedEventAttributes) return { kind: 'taskCompleted' };
  const failed = event.workflowTaskFailedEventAttributes;
  // Without a failure it was not the code: a reset, or a task that was taken back.
  if (failed?.failure?.message) {
    return { kind: 'taskFailed', failure: await decodeFailure(failed.failure, decode) };
  }
  const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.[NOTES_MEMO];
  if (memo) return { kind: 'noted', notes: await decodeValue(memo, decode) };
  return decodeRunClosing(event, decode);
}

async function decodeRunClosing(event: ProtoEvent, decode: DecodePayload): Promise<RunClosed | undefined> {
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed) {
    const [output] = await decodeValues(completed.result, decode);
    return { kind: 'runClosed', status: 'completed', ...(output === undefined ? {} : { output }) };
  }
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) {
    const next = failed.newExecutionRunId ? { next: failed.newExecutionRunId } : {};
    const failure = await decodeFailure(failed.failure, decode);
    const status: CloseStatus = failure.timeout ? 'timedOut' : 'failed';
    return { kind: 'runClosed', status, failure, ...next };
  }
  const timedOut = event.workflowExecutionTimedOutEventAttributes;
  if (timedOut) {
    const next = timedOut.newExecutionRunId ? { next: timedOut.newExecutionRunId } : {};
    const failure = { code: 'TimedOut', message: 'the run took too long' };
    return { kind: 'runClosed', status: 'timedOut', failure, ...next };
  }
  if (event.workflowExecutionCanceledEventAttributes) return { kind: 'runClosed', status: 'cancelled' };
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    const failure = { code: 'Terminated', message: terminated.reason || 'no reason was given' };
    return { kind: 'runClosed', status: 'failed', failure };
  }
  const continued = event.workflowExecutionContinuedAsNewEventAttributes;
  if (!continued) return undefined;
  return { kind: 'runClosed', status: 'completed', next: continued.newExecutionRunId ?? '' };
}
