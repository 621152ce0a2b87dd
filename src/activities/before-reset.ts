import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import type { Json } from '../agents/json.js';
import type { ToolMessage } from '../agents/message.js';
import { ToolCallContext, ToolResult } from '../agents/turn.js';
import { callKey } from './idempotency-key.js';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
interface Run {
  workflowId: string;
  runId: string;
}

/** Events of a page: few, as a page must stay below the 4 MB that Temporal sends in one message. */
const PAGE_EVENTS = 50;
/** Of `temporal.api.enums.v1.WorkflowTaskFailedCause`. */
const WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW = 20;

/**
 * What became of a call before its run was reset: its result; `unknown` where it was begun, and its history holds no result, or is
 * gone. Undefined where it was not made. Followed are the runs from which this one was reset, one after the other.
 * @param key the call's
 */
export async function outcomeBeforeReset(
  client: Client,
  run: Run,
  tool: string,
  key: string,
): Promise<ToolMessage | 'unknown' | undefined> {
  if (!(await isReset(client, run))) return undefined;
  let isUnknown = false;
  const seen = new Set<string>();
  const read = async (runId: string): Promise<ToolMessage | undefined> => {
    seen.add(runId);
    const before: string[] = [];
    const begun = new Set<string>();
    for await (const event of eventsOf(client, { ...run, runId })) {
      const failed = event.workflowTaskFailedEventAttributes;
      if (failed?.cause === WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW) before.push(failed.baseRunId ?? '');
      if (runId === run.runId) continue;
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (scheduled?.activityType?.name === tool) {
        const [args, context] = await decode(client, scheduled.input);
        const call = ToolCallContext.safeParse(context).data;
        if (call && callKey({ ...run, runId }, call, args as Json) === key) begun.add(String(event.eventId));
      }
      const completed = event.activityTaskCompletedEventAttributes;
      if (completed && begun.has(String(completed.scheduledEventId))) {
        const [result] = await decode(client, completed.result);
        const { data } = ToolResult.safeParse(result);
        if (data) return data.message;
      }
      const ended = event.activityTaskFailedEventAttributes;
      // Its worker did not have the tool.
      if (ended?.failure?.applicationFailureInfo?.type === 'ToolUnknown')
        begun.delete(String(ended.scheduledEventId));
    }
    isUnknown ||= begun.size > 0;
    for (const next of before) {
      const found = seen.has(next) ? undefined : await read(next);
      if (found) return found;
    }
    return undefined;
  };
  try {
    return (await read(run.runId)) ?? (isUnknown ? 'unknown' : undefined);
  } catch (error) {
    // A history that is gone says nothing any more.
    if (isNotFound(error)) return 'unknown';
    throw error;
  }
}

/** A reset gives a run a new id, and leaves the one that it began with in its first event. */
async function isReset(client: Client, run: Run): Promise<boolean> {
  const [first] = (await page(client, run, 1)).history?.events ?? [];
  const began = first?.workflowExecutionStartedEventAttributes?.originalExecutionRunId;
  return began !== run.runId;
}

async function* eventsOf(client: Client, run: Run): AsyncGenerator<HistoryEvent> {
  let token: Uint8Array | undefined;
  do {
    const { history, nextPageToken } = await page(client, run, PAGE_EVENTS, token);
    yield* history?.events ?? [];
    token = nextPageToken;
  } while (token && token.length > 0);
}

function page(client: Client, execution: Run, maximumPageSize: number, nextPageToken?: Uint8Array) {
  return client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution,
    maximumPageSize,
    ...(nextPageToken ? { nextPageToken } : {}),
  });
}

function decode(
  { options }: Client,
  payloads: temporal.api.common.v1.IPayloads | null | undefined,
): Promise<unknown[]> {
  return decodeArrayFromPayloads(options.loadedDataConverter, payloads?.payloads);
}

/** gRPC's code: https://grpc.io/docs/guides/status-codes */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 5;
}
