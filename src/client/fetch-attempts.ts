import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { decodeFailure } from '../trace/decode-failure.js';
import type { HistoryEvent } from '../trace/history-event.js';
import { millis } from '../trace/proto-values.js';
import { describeRun } from '../history/fetch-history.js';
import { payloadDecoder } from '../history/payloads.js';

/**
 * The attempts of a run's open activities, as events that the history does not have yet: why one that is tried again failed
 * before, and when it is tried.
 */
export async function fetchAttempts(
  client: Client,
  execution: { workflowId: string; runId: string },
  history: readonly temporal.api.history.v1.IHistoryEvent[],
): Promise<HistoryEvent[]> {
  const { pendingActivities } = await describeRun(client, execution);
  const tried = (pendingActivities ?? []).filter(({ attempt }) => (attempt ?? 1) > 1);
  if (tried.length === 0) return [];
  const opened = new Map(
    history.flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled ? [[scheduled.activityId, Number(String(eventId))]] : [],
    ),
  );
  const last = history.at(-1);
  const place = { id: Number(String(last?.eventId ?? 0)), at: millis(last?.eventTime) };
  const decode = payloadDecoder(client);
  return Promise.all(
    tried.map(async ({ activityId, attempt, lastFailure, nextAttemptScheduleTime: next }) => ({
      ...place,
      kind: 'progressed' as const,
      opened: opened.get(activityId) ?? 0,
      attempt: attempt ?? 1,
      ...(lastFailure ? { lastFailure: await decodeFailure(lastFailure, decode) } : {}),
      ...(next ? { nextAttempt: millis(next) } : {}),
    })),
  );
}
