import { z } from 'zod';
import { decodeFailure } from './decode-failure.js';
import { decodeValue, decodeValues, type DecodePayload } from './decode-payload.js';
import type { EventContent } from './history-event.js';
import { placeOf, type ProtoEvent } from './proto-values.js';

/** Name of the marker by which Temporal's SDKs record a local activity, when it has ended. */
const MARKER = 'core_local_activity';

/** What the SDK notes of it: `LocalActivityMarkerData` in the SDK core's protobuf. */
const MarkerData = z.object({ activity_type: z.string(), attempt: z.number().optional() });

/** A local activity: begun and ended by one event. Its input is not recorded. */
export async function decodeLocalActivity(
  event: ProtoEvent,
  decode: DecodePayload,
): Promise<EventContent[] | undefined> {
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName !== MARKER) return undefined;
  const [payload] = marker.details?.data?.payloads ?? [];
  const data = MarkerData.safeParse(payload ? await decodeValue(payload, decode) : undefined);
  const [output] = await decodeValues(marker.details?.result, decode);
  const { id } = placeOf(event);
  return [
    { kind: 'opened', operation: 'activity', name: data.data?.activity_type ?? 'local activity', input: [] },
    { kind: 'progressed', opened: id, attempt: data.data?.attempt ?? 1 },
    marker.failure
      ? { kind: 'closed', opened: id, status: 'failed', failure: await decodeFailure(marker.failure, decode) }
      : { kind: 'closed', opened: id, status: 'completed', ...(output === undefined ? {} : { output }) },
  ];
}
