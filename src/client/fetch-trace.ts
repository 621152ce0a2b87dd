import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { decodeHistory } from '../trace/decode-history.js';
import type { HistoryEvent } from '../trace/history-event.js';
import { chainPrefix, childPrefix, childSpans, hangChildren, joinRuns } from '../trace/join-traces.js';
import { traceOf } from '../trace/trace-of.js';
import type { SpanOf, Trace } from '../trace/trace.js';
import { fetchAttempts } from './fetch-attempts.js';
import { fetchHistory } from '../history/fetch-history.js';
import { payloadDecoder } from '../history/payloads.js';

export interface TraceOptions {
  /** Whether the traces of child runs are fetched and hung below their spans. Default true. */
  children?: boolean;
}

/** Child runs whose histories are fetched at once. */
const CHILDREN_AT_ONCE = 8;

/** A run whose spans are in a trace, and what their ids begin with there. */
export interface TracedRun {
  workflowId: string;
  runId: string;
  prefix: string;
}

/**
 * The trace of a run, from its history, and from what the server knows of open activities. Runs that it was continued as are a part of it.
 * @param runId where to begin; absent: the newest run of that id, and those that it was continued from
 * @throws WorkflowNotFoundError
 */
export async function fetchTrace(
  client: Client,
  workflowId: string,
  runId: string | undefined,
  options: TraceOptions,
): Promise<Trace> {
  return (await fetchRuns(client, workflowId, runId, options)).trace;
}

/** The same, with the runs that are in it. */
export async function fetchRuns(
  client: Client,
  workflowId: string,
  runId: string | undefined,
  { children = true }: TraceOptions,
): Promise<{ trace: Trace; runs: TracedRun[] }> {
  const trace = joinRuns(await chainOf(client, workflowId, runId));
  const chain = trace.runIds.map((id, i) => ({ workflowId, runId: id, prefix: chainPrefix(i) }));
  const below = children ? await fetchChildren(client, trace) : [];
  return { trace, runs: [...chain, ...below] };
}

interface FetchedRun {
  trace: Trace;
  started: Extract<HistoryEvent, { kind: 'runStarted' }> | undefined;
}

async function chainOf(
  client: Client,
  workflowId: string,
  runId: string | undefined,
): Promise<[Trace, ...Trace[]]> {
  const begin = runId ?? (await client.workflow.getHandle(workflowId).describe()).runId;
  const fetched = await fetchRun(client, workflowId, begin);
  const chain: [Trace, ...Trace[]] = [fetched.trace];
  let before = runId === undefined ? fetched.started?.continuedFrom : undefined;
  while (before !== undefined) {
    const earlier = await fetchRun(client, workflowId, before).catch(unlessDeleted);
    if (!earlier) break;
    chain.unshift(earlier.trace);
    before = earlier.started?.continuedFrom;
  }
  for (let { next } = fetched.trace; next !== undefined;) {
    const later = await fetchRun(client, workflowId, next);
    chain.push(later.trace);
    ({ next } = later.trace);
  }
  return chain;
}

async function fetchRun(client: Client, workflowId: string, runId: string): Promise<FetchedRun> {
  const history = await fetchHistory(client, workflowId, runId);
  const recorded = await decodeHistory(history, payloadDecoder(client));
  const isOpen = !recorded.some(({ kind }) => kind === 'runClosed');
  const events = isOpen
    ? [...recorded, ...(await fetchAttempts(client, { workflowId, runId }, history))]
    : recorded;
  // After a reset the history begins with that of another run, whose id stands in it.
  const trace: Trace = { ...traceOf(events), workflowId, runIds: [runId] };
  return { trace, started: events.find((event) => event.kind === 'runStarted') };
}

/** Temporal deletes a closed run when its retention time is over. */
function unlessDeleted(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

async function fetchChildren(client: Client, trace: Trace): Promise<TracedRun[]> {
  const waiting = childSpans(trace).filter(({ runIds }) => runIds.length > 0);
  const traces = new Map<SpanOf<'child'>, Trace | { untraced: string }>();
  const found: TracedRun[] = [];
  const lane = async () => {
    for (let child = waiting.shift(); child; child = waiting.shift()) {
      const { trace: own, runs } = await fetchChild(client, child);
      traces.set(child, own);
      found.push(...runs.map((run) => ({ ...run, prefix: childPrefix(child) + run.prefix })));
    }
  };
  await Promise.all(Array.from({ length: CHILDREN_AT_ONCE }, lane));
  hangChildren(trace, traces);
  return found;
}

async function fetchChild(
  client: Client,
  { workflowId, runIds }: SpanOf<'child'>,
): Promise<{ trace: Trace | { untraced: string }; runs: TracedRun[] }> {
  try {
    return await fetchRuns(client, workflowId, runIds[0], {});
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const untraced = 'its history is not there: deleted after its retention time, or in another namespace';
    return { trace: { untraced }, runs: [] };
  }
}
