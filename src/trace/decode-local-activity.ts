import { z } from 'zod';
import type { Json } from '../agents/json.js';
import { LocalDeclined, LocalRecord } from '../agents/local-call.js';
import { decodeFailure } from './decode-failure.js';
import { decodeValue, decodeValues, type DecodePayload } from './decode-payload.js';
import type { HistoryEvent } from './history-event.js';
import { millis, placeOf, type ProtoEvent, type ProtoFailure } from './proto-values.js';

/** Name of the marker by which Temporal's SDKs record a local activity, when it has ended. */
const MARKER = 'core_local_activity';

/** What the SDK notes of it: `LocalActivityMarkerData` in the SDK core's protobuf. */
const MarkerData = z.object({
  activity_type: z.string(),
  attempt: z.number().optional(),
  /** By the server's clock: when the workflow task was begun, and what its local activities have taken since. */
  complete_time: z.object({ seconds: z.number(), nanos: z.number() }).nullish(),
});

const Done = z.strictObject({ ...LocalRecord.shape, result: z.json() });

/**
 * A local activity: begun and ended by one event. Its input is not recorded; Baton's own say in their result what the trace needs
 * of it, or that they gave none: of those the ordinary activity tells that follows.
 */
export async function decodeLocalActivity(
  event: ProtoEvent,
  decode: DecodePayload,
): Promise<HistoryEvent[] | undefined> {
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName !== MARKER) return undefined;
  const { failure } = marker;
  const [payload] = marker.details?.data?.payloads ?? [];
  const data = MarkerData.safeParse(payload ? await decodeValue(payload, decode) : undefined).data;
  const [output] = await decodeValues(marker.details?.result, decode);
  if (LocalDeclined.safeParse(output).success) return [];
  const done = Done.safeParse(output).data;
  const { input, ms } = done ?? (await recordOf(failure, decode)) ?? { input: [], ms: 0 };
  const { id, at } = placeOf(event);
  const end = data?.complete_time ? millis(data.complete_time) : at;
  const { summary } = event.userMetadata ?? {};
  const text = summary ? await decodeValue(summary, decode) : undefined;
  // The workflow code has gone on with it before the end of the task that records it.
  const seen = Number(String(marker.workflowTaskCompletedEventId ?? id)) - 1;
  return [
    {
      id,
      at: end - ms,
      kind: 'opened',
      operation: 'activity',
      name: data?.activity_type ?? 'local activity',
      input,
      ...(typeof text === 'string' ? { summary: text } : {}),
    },
    { id, at: end, kind: 'progressed', opened: id, attempt: data?.attempt ?? 1 },
    {
      id: seen,
      at: end,
      kind: 'closed',
      opened: id,
      ...(failure ? await failed(failure, decode) : completed(done ? done.result : output)),
    },
  ];
}

function completed(output: Json | undefined) {
  return { status: 'completed', ...(output === undefined ? {} : { output }) } as const;
}

async function failed(proto: ProtoFailure, decode: DecodePayload) {
  const failure = await decodeFailure(proto, decode);
  const status = failure.code === 'Cancelled' ? 'cancelled' : failure.timeout ? 'timedOut' : 'failed';
  return { status, failure } as const;
}

/** What Baton adds to the details of a failure. */
async function recordOf(failure: ProtoFailure, decode: DecodePayload): Promise<LocalRecord | undefined> {
  const { details } = failure?.applicationFailureInfo ?? failure?.canceledFailureInfo ?? {};
  const [, record] = await decodeValues(details, decode);
  return LocalRecord.safeParse(record).data;
}
