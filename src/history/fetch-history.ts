import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Bytes that a page may have on the average: far enough below the 4 MB that Temporal sends in one message. */
const PAGE_BYTES = 1_000_000;
/** Events of a page at most: Temporal's own default. */
const PAGE_EVENTS = 1000;
/** Events of the first page of the newest, and what each page after it is larger by. */
const FIRST_EVENTS = 64;
const GROWTH = 4;
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
  const events: HistoryEvent[] = [];
  const run = await describeRun(client, { workflowId, ...(runId === undefined ? {} : { runId }) });
  for await (const page of historyPages(client, run)) {
    for (const event of page.history?.events ?? []) events.push(event);
  }
  return events;
}

/** What the server says of a run, as it says it: what is stored elsewhere is not read. @throws WorkflowNotFoundError */
export async function describeRun(client: Client, execution: { workflowId: string; runId?: string }) {
  const { namespace } = client.options;
  return found(client.workflowService.describeWorkflowExecution({ namespace, execution }), execution);
}

type RunDescription = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;
type HistoryPage = temporal.api.workflowservice.v1.IGetWorkflowExecutionHistoryResponse;
type Method = 'getWorkflowExecutionHistory' | 'getWorkflowExecutionHistoryReverse';

/** The pages of a run's history, one after the other. @throws WorkflowNotFoundError */
export function historyPages(client: Client, run: RunDescription): AsyncIterable<HistoryPage> {
  return pages(client, run, 'getWorkflowExecutionHistory');
}

/**
 * The events of a run's history, the newest page first: a small one, as the newest are often enough. Within a page they stand in
 * their order.
 * @throws WorkflowNotFoundError
 */
export async function* newestPages(client: Client, run: RunDescription): AsyncIterable<HistoryEvent[]> {
  for await (const { history } of pages(client, run, 'getWorkflowExecutionHistoryReverse', FIRST_EVENTS))
    yield (history?.events ?? []).reverse();
}

async function* pages(
  client: Client,
  { workflowExecutionInfo: info }: RunDescription,
  method: Method,
  first = PAGE_EVENTS,
): AsyncIterable<HistoryPage> {
  const { workflowId, runId } = info?.execution ?? {};
  const execution = { workflowId: workflowId ?? '', runId: runId ?? '' };
  let most = pageSize(Number(info?.historyLength ?? 0), Number(info?.historySizeBytes ?? 0));
  let size = Math.min(first, most);
  let token: Uint8Array | undefined;
  for (;;) {
    const page = await fetchPage(client, method, execution, size, token);
    if (page === 'too large') {
      most = size = Math.ceil(size / SHRINK);
      continue;
    }
    yield page;
    token = page.nextPageToken;
    if (!token || token.length === 0) return;
    size = Math.min(most, size * GROWTH);
  }
}

function pageSize(length: number, bytes: number): number {
  const average = Math.max(1, bytes / Math.max(1, length));
  return Math.min(PAGE_EVENTS, Math.max(1, Math.floor(PAGE_BYTES / average)));
}

async function fetchPage(
  client: Client,
  method: Method,
  execution: { workflowId: string; runId: string },
  maximumPageSize: number,
  nextPageToken: Uint8Array | undefined,
) {
  const { namespace } = client.options;
  const ask = () =>
    client.workflowService[method]({
      namespace,
      execution,
      maximumPageSize,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
  try {
    if (maximumPageSize === 1) return await found(ask(), execution);
    return await found(client.withDeadline(Date.now() + PAGE_DEADLINE, ask), execution);
  } catch (error) {
    const code = isGrpcServiceError(error) ? Number(error.code) : undefined;
    if (maximumPageSize > 1 && (code === RESOURCE_EXHAUSTED || code === DEADLINE_EXCEEDED))
      return 'too large';
    throw error;
  }
}

async function found<T>(work: Promise<T>, run: { workflowId: string; runId?: string }): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isGrpcServiceError(error) || Number(error.code) !== NOT_FOUND) throw error;
    throw new WorkflowNotFoundError(error.details, run.workflowId, run.runId);
  }
}
