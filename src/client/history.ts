import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Bytes that a page may have on the average: far enough below the 4 MB that Temporal sends in one message. */
const PAGE_BYTES = 1_000_000;
/** Events of a page at most: Temporal's own default. */
const PAGE_EVENTS = 1000;
/** Milliseconds after which a page counts as too large: the client itself repeats what was refused for its size. */
const PAGE_DEADLINE = 4_000;
/** What a page that was too large is divided by. */
const SHRINK = 8;

/** gRPC's codes: https://grpc.io/docs/guides/status-codes */
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const RESOURCE_EXHAUSTED = 8;

/**
 * The whole event history of one run, open or closed, in pages that fit Temporal's messages. The history of a run that it
 * was continued as is not fetched.
 * @param runId Default: the newest run of that id.
 * @throws WorkflowNotFoundError
 */
export async function fetchHistory(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<HistoryEvent[]> {
  const run = await client.workflow.getHandle(workflowId, runId).describe();
  const events: HistoryEvent[] = [];
  let size = pageSize(run);
  let token: Uint8Array | undefined;
  for (;;) {
    const page = await fetchPage(client, { workflowId, runId: run.runId }, size, token);
    if (page === 'too large') {
      size = Math.ceil(size / SHRINK);
      continue;
    }
    for (const event of page.history?.events ?? []) events.push(event);
    token = page.nextPageToken;
    if (!token || token.length === 0) return events;
  }
}

function pageSize({
  historyLength,
  historySize = 0,
}: {
  historyLength: number;
  historySize?: number;
}): number {
  const average = Math.max(1, historySize / Math.max(1, historyLength));
  return Math.min(PAGE_EVENTS, Math.max(1, Math.floor(PAGE_BYTES / average)));
}

async function fetchPage(
  client: Client,
  execution: { workflowId: string; runId: string },
  maximumPageSize: number,
  nextPageToken: Uint8Array | undefined,
) {
  const { namespace } = client.options;
  const ask = () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution,
      maximumPageSize,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
  try {
    if (maximumPageSize === 1) return await ask();
    return await client.withDeadline(Date.now() + PAGE_DEADLINE, ask);
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    const code = Number(error.code);
    const { workflowId, runId } = execution;
    if (code === NOT_FOUND) throw new WorkflowNotFoundError(error.details, workflowId, runId);
    if (maximumPageSize > 1 && (code === RESOURCE_EXHAUSTED || code === DEADLINE_EXCEEDED))
      return 'too large';
    throw error;
  }
}
