import { CARRIED_ARGUMENT, orchestrationName } from '../agents/names.js';
import type { Json } from '../agents/json.js';
import { RunNotes } from '../agents/note.js';
import { AgentSpans } from './agent-spans.js';
import { approvalSpan } from './approval-span.js';
import { Decisions } from './decisions.js';
import type { HistoryEvent } from './history-event.js';
import { movedCallOf, outputOfCall, resumesOf, shownInput } from './moved-call.js';
import { errorOf, operationsOf, type Operation } from './operation.js';
import { childSpan, plainSpan, resultOf, signalSpan } from './plain-span.js';
import { readCall, type RecordedCall } from './recorded-call.js';
import { RunRecords } from './run-records.js';
import { closeOpen, openStatus } from './span-status.js';
import { spanTree, sumUp } from './span-tree.js';
import { noTotals } from './totals.js';
import type { Span, Trace } from './trace.js';

/**
 * The trace of one run from its history, or from the first part of it. It is a function of the events alone: what goes on
 * has no end, and spans without an end last until the reader's now.
 */
export function traceOf(events: readonly HistoryEvent[]): Trace {
  const operations = operationsOf(events);
  const run = runSpan(events);
  run.children = spanTree(spansOf(events, operations, run.workflowId));
  if (run.end === undefined) run.status = openStatus(run.children) ?? 'running';
  else closeOpen(run.children, run.status === 'timedOut' ? 'timedOut' : 'cancelled', run.end);
  sumUp(run);
  return run;
}

function spansOf(
  events: readonly HistoryEvent[],
  operations: readonly Operation[],
  workflowId: string,
): Span[] {
  const decisions = new Decisions(events, operations);
  const read = operations.map((operation) => ({ operation, call: readCall(operation) }));
  const calls = read.flatMap(({ call }) => call ?? []);
  const approvals = calls.flatMap((ask) =>
    ask.kind === 'ask' ? [{ ask, span: approvalSpan(ask, decisions, workflowId) }] : [],
  );
  const isChild = (operation: Operation) => operation.operation === 'child';
  const records = new RunRecords(calls, approvals, operations.filter(isChild));
  const lastTask = events.findLast(({ kind }) => kind === 'taskCompleted')?.id ?? 0;
  const children = operations.filter(isChild).map(childSpan);
  const agents = new AgentSpans(
    records,
    new Map(children.map((child) => [child.id, child])),
    (path) => records.lastEvent(path, decisions) < lastTask,
    movedCallOf(events.find((event) => event.kind === 'runStarted')?.input),
  );
  return [
    ...agents.all(),
    ...records.ownApprovals,
    ...children.filter(({ id }) => !agents.isTaken(id)),
    ...read.flatMap(({ operation, call }) =>
      isChild(operation) || isTold(call, records) || records.isLost(operation)
        ? []
        : (plainSpan(operation, decisions) ?? []),
    ),
    ...events.flatMap((event) => (event.kind === 'signalled' ? (signalSpan(event, decisions) ?? []) : [])),
  ];
}

/** Whether an agent's or approval's span tells of the call; a tool call whose turn cannot be read stands for itself. */
function isTold(call: RecordedCall | undefined, records: RunRecords): boolean {
  return call !== undefined && (call.kind !== 'tool' || records.isTaken(call));
}

function runSpan(events: readonly HistoryEvent[]): Trace {
  const started = events.find((event) => event.kind === 'runStarted');
  const moved = movedCallOf(started?.input);
  const closed = events.findLast((event) => event.kind === 'runClosed');
  const task = events.findLast(({ kind }) => kind === 'taskCompleted' || kind === 'taskFailed');
  return {
    kind: 'run',
    id: 'run',
    name: orchestrationName(started?.type ?? ''),
    workflowId: started?.workflowId ?? '',
    runIds: started ? [started.runId] : [],
    taskQueue: started?.taskQueue,
    parent: started?.parent,
    status: closed?.status ?? 'running',
    start: started?.at ?? 0,
    end: closed?.at,
    error: errorOf(closed?.failure),
    input: shownInput(started?.input.find((argument) => !isCarried(argument))),
    output: outputOfCall(resultOf(closed?.output), moved),
    next: closed?.next,
    resumes: resumesOf(moved),
    ...notesOf(events),
    stuck: !closed && task?.kind === 'taskFailed' ? errorOf(task.failure) : undefined,
    totals: noTotals(),
    children: [],
  };
}

function notesOf(events: readonly HistoryEvent[]): Pick<Trace, 'notes' | 'moreNotes'> {
  const noted = events.findLast((event) => event.kind === 'noted');
  const { notes, more } = RunNotes.safeParse(noted?.notes).data ?? { notes: [] };
  return { notes, moreNotes: more };
}

/** What a run was handed by the run that it continues, beside its input. */
function isCarried(argument: Json): boolean {
  return typeof argument === 'object' && argument !== null && CARRIED_ARGUMENT in argument;
}
