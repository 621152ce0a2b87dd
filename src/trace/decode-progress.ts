import { decodeFailure } from './decode-failure.js';
import type { DecodePayload } from './decode-payload.js';
import type { Progressed } from './history-event.js';
import type { ProtoEvent } from './proto-values.js';

/** An attempt of an activity, as Temporal records it when it ends, and the start of a child. */
export async function decodeProgress(
  event: ProtoEvent,
  decode: DecodePayload,
): Promise<Progressed | undefined> {
  const child = event.childWorkflowExecutionStartedEventAttributes;
  if (child) {
    const runId = child.workflowExecution?.runId ?? '';
    return { kind: 'progressed', opened: Number(child.initiatedEventId ?? 0), runId };
  }
  const started = event.activityTaskStartedEventAttributes;
  if (!started) return undefined;
  const { lastFailure, attempt, scheduledEventId } = started;
  return {
    kind: 'progressed',
    opened: Number(scheduledEventId ?? 0),
    attempt: attempt ?? 1,
    ...(lastFailure ? { lastFailure: await decodeFailure(lastFailure, decode) } : {}),
  };
}
