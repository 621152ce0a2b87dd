import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fetchHistory, Run, type Baton } from '../../src/client.js';

type HistoryEvent = Awaited<ReturnType<typeof fetchHistory>>[number];

/**
 * Resets a run to the workflow task that was completed after an event, and gives the run that goes on in its place.
 * @param after the last event that fits; absent: the run's first workflow task is done again
 */
export async function reset<T>(
  { client }: Baton,
  run: Run<T>,
  after?: (event: HistoryEvent) => boolean,
): Promise<Run<T>> {
  const { runId } = await client.workflow.getHandle(run.id).describe();
  const taskAfter = async () => {
    const events = await fetchHistory(client, run.id, runId);
    const from = after ? events.findLastIndex(after) : 0;
    return from < 0
      ? undefined
      : events.slice(from).find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
  };
  let task = await taskAfter();
  for (; !task; task = await taskAfter()) await delay(50);
  const { runId: next } = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: run.id, runId },
    reason: 'a test',
    workflowTaskFinishEventId: task,
    requestId: randomUUID(),
  });
  return new Run<T>(client, run.id, next);
}
