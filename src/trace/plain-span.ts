import { EFFECT_SIGNAL, EVENT_WAIT, SESSION_WAIT } from '../agents/names.js';
import { resultOfReport } from '../agents/report.js';
import { deadlineOf, type Decisions } from './decisions.js';
import type { HistoryEvent } from './history-event.js';
import { movedCallOf, outputOfCall, resumesOf, shownInput } from './moved-call.js';
import { attempted, errorOf, type Operation } from './operation.js';
import { noTotals } from './totals.js';
import type { Span, SpanOf } from './trace.js';

/** The span of an operation that is not one of Baton's; undefined where other spans tell of it. */
export function plainSpan(operation: Operation, decisions: Decisions): Span | undefined {
  const { id, name, input, output, summary, identity } = operation;
  const base = { id: `event ${id}`, name, children: [] };
  switch (operation.operation) {
    case 'activity':
    case 'nexus':
      return {
        kind: 'activity',
        operation: operation.operation,
        ...base,
        ...attempted(operation),
        summary,
        input,
        output,
      };
    case 'message': {
      // What a saga was told is told by the spans of what was done.
      if (name === EFFECT_SIGNAL) return undefined;
      const to = operation.workflowId ?? '';
      const text = `to ${to}`;
      return {
        kind: 'activity',
        operation: 'message',
        ...base,
        ...attempted(operation),
        summary: text,
        input,
      };
    }
    case 'timer':
      return isHidden(operation) ? undefined : timerSpan(operation);
    case 'update': {
      if (decisions.answer(id)) return undefined;
      return { kind: 'update', ...base, ...ending(operation), input, output, identity };
    }
    case 'child':
      return childSpan(operation);
    default:
      return operation.operation satisfies never;
  }
}

/** A signal, or the request to cancel the run; undefined for one that decided an approval. */
export function signalSpan(
  { id, at, name, input, identity }: Extract<HistoryEvent, { kind: 'signalled' }>,
  decisions: Decisions,
): SpanOf<'signal'> | undefined {
  const answer = decisions.answer(id);
  if ((answer && 'decided' in answer) || name === EFFECT_SIGNAL) return undefined;
  const span: SpanOf<'signal'> = {
    kind: 'signal',
    id: `event ${id}`,
    name,
    status: 'completed',
    start: at,
    end: at,
    input,
    identity,
    children: [],
  };
  if (!answer) return span;
  return {
    ...span,
    status: 'failed',
    error: { code: 'ApprovalInvalid', message: `ignored: ${answer.ignored}` },
  };
}

/** The deadline of an approval is shown with it; a time-out that did not come has nothing to tell. */
function isHidden(timer: Operation): boolean {
  if (deadlineOf(timer) !== undefined) return true;
  const { status, summary = '' } = timer;
  // What was waited for is shown itself: an event, or a session's message.
  const isWait = summary === '' || summary === SESSION_WAIT || summary.startsWith(`${EVENT_WAIT} `);
  return status === 'cancelled' && isWait;
}

function timerSpan(timer: Operation): SpanOf<'timer'> {
  const { id, summary = 'timer', duration = 0 } = timer;
  const { status, ...rest } = ending(timer);
  const open = status === 'running' ? 'waiting' : status;
  return { kind: 'timer', id: `event ${id}`, name: summary, ...rest, status: open, duration, children: [] };
}

/** The span of a child run; its id is its path, where it has one. */
export function childSpan(child: Operation): SpanOf<'child'> {
  const { id, name, span, workflowId = '', runId, input, output } = child;
  const moved = movedCallOf(input);
  return {
    kind: 'child',
    id: span ?? `event ${id}`,
    path: span,
    name: span === undefined ? name : (span.split('/').at(-1) ?? name),
    type: name,
    ...ending(child),
    workflowId,
    runIds: runId === undefined ? [] : [runId],
    input: shownInput(input[0]),
    output: outputOfCall(resultOf(output), moved),
    resumes: resumesOf(moved),
    totals: noTotals(),
    children: [],
  };
}

/** The result of a run, without what it says to its parent beside it. */
export function resultOf(output: Operation['output']): Operation['output'] {
  // What is JSON holds nothing else.
  return resultOfReport(output) as Operation['output'];
}

function ending({ start, end, status, failure }: Operation) {
  return { start, end, status, error: errorOf(failure) };
}
