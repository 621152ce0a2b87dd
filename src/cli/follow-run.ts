import { setTimeout as delay } from 'node:timers/promises';
import type { PendingApproval, Run } from '../client.js';
import type { Span, Trace } from '../trace/trace.js';

/** Often enough to look live; a trace of a demo is read in a few milliseconds. */
const POLL_MS = 300;
/** The trace of a long run takes longer to read than that: the reader rests so many times as long. */
const REST = 4;

/**
 * Reads a run's trace again and again until it has ended, and gives the last one.
 * @param signal ends the following; the trace is then of an open run
 */
export async function followRun(
  run: Run,
  signal: AbortSignal,
  onTrace: (trace: Trace) => void | Promise<void>,
): Promise<Trace> {
  for (;;) {
    const begin = Date.now();
    const trace = await run.trace();
    const rest = Math.max(POLL_MS, (Date.now() - begin) * REST);
    await onTrace(trace);
    if (trace.end !== undefined || signal.aborted) return trace;
    await delay(rest, undefined, { signal }).catch(() => undefined);
  }
}

/** The approvals that wait in a run and below it. */
export function waitingIn(span: Span): PendingApproval[] {
  const here =
    span.kind === 'approval' && span.decision === undefined && span.end === undefined
      ? [{ ...span.request, id: span.approvalId, workflowId: span.approvalId.replace(/\/\d+$/, '') }]
      : [];
  return [...here, ...span.children.flatMap(waitingIn)];
}
