import { decodeClosing } from './decode-closing.js';
import { decodeLocalActivity } from './decode-local-activity.js';
import { decodeOpening } from './decode-opening.js';
import { decodeProgress } from './decode-progress.js';
import { decodeRunEvent } from './decode-run-event.js';
import type { DecodePayload } from './decode-payload.js';
import type { EventContent, HistoryEvent } from './history-event.js';
import { placeOf, type ProtoEvent } from './proto-values.js';

/**
 * Reads a history of Temporal's protobuf events.
 * @param decode reads one payload; where it rejects, the payload stays visible as undecodable
 */
export async function decodeHistory(
  events: readonly ProtoEvent[],
  decode: DecodePayload,
): Promise<HistoryEvent[]> {
  const decoded = await Promise.all(
    events.map(async (event) => {
      const place = placeOf(event);
      return (await decodeEvent(event, decode)).map((content) => ({ ...place, ...content }));
    }),
  );
  return decoded.flat();
}

async function decodeEvent(
  event: ProtoEvent,
  decode: DecodePayload,
): Promise<(EventContent | HistoryEvent)[]> {
  const local = await decodeLocalActivity(event, decode);
  if (local) return local;
  const content =
    (await decodeRunEvent(event, decode)) ??
    (await decodeOpening(event, decode)) ??
    (await decodeProgress(event, decode)) ??
    (await decodeClosing(event, decode));
  return content ? [content] : [];
}
