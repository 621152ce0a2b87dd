import { defaultPayloadConverter } from '@temporalio/common';
import { fetchHistory, type Baton, type Span, type SpanOf } from '../../src/client.js';
import { decodeHistory } from '../../src/trace/decode-history.js';
import type { HistoryEvent } from '../../src/trace/history-event.js';

/** A span and all below it. */
export function all(span: Span): Span[] {
  return [span, ...span.children.flatMap(all)];
}

/** The spans of a kind, in the order of the tree. */
export function spans<K extends Span['kind']>(trace: Span, kind: K): SpanOf<K>[] {
  return all(trace).filter((span): span is SpanOf<K> => span.kind === kind);
}

/** A run's history, decoded. */
export async function historyOf({ client }: Baton, id: string): Promise<HistoryEvent[]> {
  const events = await fetchHistory(client, id);
  return decodeHistory(events, async (payload) => defaultPayloadConverter.fromPayload(payload));
}
