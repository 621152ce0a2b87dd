import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Payload = temporal.api.common.v1.IPayload;

/** An event as people find it in a history. */
export interface RecordedEvent {
  id: number;
  /** As Temporal's UI calls it: `ActivityTaskScheduled`. */
  type: string;
  /** What it was about: an activity's name and summary, a child's id, a patch. */
  about?: string;
}

const { EventType } = proto.temporal.api.enums.v1;

export function recordedEvent(event: HistoryEvent): RecordedEvent {
  const about = aboutOf(event);
  return { id: Number(event.eventId), type: typeOf(event), ...(about ? { about } : {}) };
}

function typeOf({ eventType }: HistoryEvent): string {
  const constant = EventType[eventType ?? 0] ?? 'EVENT_TYPE_UNSPECIFIED';
  return constant
    .slice('EVENT_TYPE_'.length)
    .toLowerCase()
    .replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
}

function aboutOf(event: HistoryEvent): string {
  const { activityTaskScheduledEventAttributes: activity, userMetadata } = event;
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  const signal = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
  const marker = event.markerRecordedEventAttributes;
  const words = [
    activity?.activityType?.name,
    child && `${child.workflowType?.name} ${child.workflowId}`,
    signal && `${signal.signalName} to ${signal.workflowExecution?.workflowId}`,
    marker && markerText(marker.markerName, marker.details),
    textOf(userMetadata?.summary),
  ];
  return words.filter((word) => word).join(' · ');
}

function markerText(
  name: string | null | undefined,
  details: Readonly<Record<string, temporal.api.common.v1.IPayloads>> | null | undefined,
): string {
  const [, data] = /"(?:id|activity_type)":"([^"]*)"/.exec(allText(details)) ?? [];
  const kind =
    name === 'core_patch' ? 'patch' : name === 'core_local_activity' ? 'local activity' : (name ?? '');
  return data === undefined ? kind : `${kind} ${data}`;
}

/** Of a marker's details: they are JSON of Temporal's core, which no codec has encoded. */
function allText(
  details: Readonly<Record<string, temporal.api.common.v1.IPayloads>> | null | undefined,
): string {
  return Object.values(details ?? {})
    .flatMap(({ payloads }) => payloads ?? [])
    .map(({ data }) => Buffer.from(data ?? []).toString('utf8'))
    .join(' ');
}

/** A summary; empty where a codec has encoded it. */
function textOf(payload: Payload | null | undefined): string | undefined {
  if (!payload?.data) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload.data).toString('utf8'));
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
