import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import {
  decode,
  visit,
  walkDescribeScheduleResponse,
  walkDescribeWorkflowExecutionResponse,
  walkGetWorkflowExecutionHistoryResponse,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { keysIn } from '../storage/stored-values.js';
import { describeRun, historyPages } from '../history/fetch-history.js';

/** Runs whose histories are read at once. */
const AT_ONCE = 8;
const PAGE = 500;

/** gRPC's code where a server is too old to have schedules. */
const UNIMPLEMENTED = 12;
const NOT_FOUND = 5;

/** Encodings that can be looked into; an empty payload has none. What a codec has made of a value cannot. */
const READABLE = ['', 'json/plain', 'json/protobuf', 'binary/plain', 'binary/protobuf', 'binary/null'];

/** A place that a value may be referred to from, whose payloads cannot be read. */
export class Unreadable extends Error {}

/**
 * The keys of all stored values that anything in a namespace refers to: every run that the server still has, open or closed
 * (inputs, results, failures, memos, headers, markers, signals, updates, heartbeats, messages of transcripts), and every schedule.
 * @returns how many runs were read
 * @throws Unreadable where one of them cannot be read; what the server threw, where it cannot list them
 */
export async function addReferences(client: Client, keys: Set<string>): Promise<number> {
  const add = visitor(client.options.loadedDataConverter, keys);
  let runs = 0;
  const waiting = runsOf(client)[Symbol.asyncIterator]();
  const lane = async () => {
    for (let next = await waiting.next(); !next.done; next = await waiting.next()) {
      const run = next.value;
      try {
        await addRun(client, run, add);
        runs++;
      } catch (cause) {
        // Deleted since it was listed: then it refers to nothing any more.
        if (cause instanceof WorkflowNotFoundError) continue;
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Unreadable(`run ${run.workflowId}: ${reason}`, { cause });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await addSchedules(client, add);
  return runs;
}

/** The keys in one payload. @throws Unreadable */
export async function keysInPayload(converter: LoadedDataConverter, payload: Payload): Promise<string[]> {
  const [decoded = payload] = await decode(converter.payloadCodecs, [payload]);
  const encoding = new TextDecoder().decode(decoded.metadata?.encoding ?? new Uint8Array());
  if (!READABLE.includes(encoding))
    throw new Unreadable(`a value is encoded as "${encoding}", which cannot be looked into here`);
  // Byte for character: keys are ASCII, and what is not text stays something that is no key.
  return keysIn(Buffer.from(decoded.data ?? new Uint8Array()).toString('latin1'));
}

/** Visits all payloads of a message of the server's, wherever they stand in it. */
function visitor(converter: LoadedDataConverter, keys: Set<string>) {
  const look = async (payload: Payload) => {
    for (const key of await keysInPayload(converter, payload)) keys.add(key);
    return payload;
  };
  return {
    transformPayload: look,
    transformPayloads: (payloads: Payload[]) => Promise.all(payloads.map(look)),
    skipSearchAttributes: true,
  };
}

type Visitor = ReturnType<typeof visitor>;

async function addRun(
  client: Client,
  run: { workflowId: string; runId: string },
  add: Visitor,
): Promise<void> {
  const description = await describeRun(client, run);
  await visit(description, walkDescribeWorkflowExecutionResponse, add);
  for await (const page of historyPages(client, description)) {
    await visit(
      page as temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse,
      walkGetWorkflowExecutionHistoryResponse,
      add,
    );
  }
}

/** Every execution that the server still has. */
async function* runsOf(client: Client): AsyncGenerator<{ workflowId: string; runId: string }> {
  const { namespace } = client.options;
  let nextPageToken = new Uint8Array();
  do {
    const page = await client.workflowService.listWorkflowExecutions({
      namespace,
      pageSize: PAGE,
      nextPageToken,
    });
    for (const { execution } of page.executions) {
      yield { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' };
    }
    nextPageToken = new Uint8Array(page.nextPageToken);
  } while (nextPageToken.length > 0);
}

async function addSchedules(client: Client, add: Visitor): Promise<void> {
  const { namespace } = client.options;
  let nextPageToken = new Uint8Array();
  do {
    const request = { namespace, maximumPageSize: PAGE, nextPageToken };
    const page = await client.workflowService.listSchedules(request).catch(unless(UNIMPLEMENTED));
    for (const { scheduleId } of page?.schedules ?? []) {
      const schedule = { namespace, scheduleId: scheduleId ?? '' };
      const found = await client.workflowService.describeSchedule(schedule).catch(unless(NOT_FOUND));
      if (found) await visit(found, walkDescribeScheduleResponse, add);
    }
    nextPageToken = new Uint8Array(page?.nextPageToken ?? []);
  } while (nextPageToken.length > 0);
}

function unless(code: number) {
  return (error: unknown): undefined => {
    if (!isGrpcServiceError(error) || Number(error.code) !== code) throw error;
  };
}
