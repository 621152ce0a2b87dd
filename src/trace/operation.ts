import type { CloseStatus, Failure, HistoryEvent, Opened } from './history-event.js';
import type { SpanError } from './trace.js';

/** Something that took time, from all its events. */
export interface Operation extends Omit<Opened, 'kind'> {
  /** Id of the event that opened it. */
  id: number;
  start: number;
  end?: number;
  /** Id of the event that closed it. */
  closedBy?: number;
  status: 'running' | CloseStatus;
  output?: Closing['output'];
  failure?: Failure;
  attempts?: number;
  lastFailure?: Failure;
  /** When the attempt begins, where it is still to come. */
  nextAttempt?: number;
  /** Of a child. */
  runId?: string;
}

type Closing = Extract<HistoryEvent, { kind: 'closed' }>;

/** The operations of a history, in the order in which they were opened. */
export function operationsOf(events: readonly HistoryEvent[]): Operation[] {
  const operations = new Map<number, Operation>();
  for (const event of events) {
    if (event.kind === 'opened') {
      const { kind: _, at, ...opened } = event;
      operations.set(event.id, { ...opened, start: at, status: 'running' });
    } else if (event.kind === 'progressed') {
      const { attempt, lastFailure, nextAttempt, runId } = event;
      const operation = operations.get(event.opened);
      if (!operation) continue;
      if (attempt !== undefined) operation.attempts = attempt;
      if (lastFailure) operation.lastFailure = lastFailure;
      if (nextAttempt !== undefined) operation.nextAttempt = nextAttempt;
      if (runId !== undefined) operation.runId = runId;
    } else if (event.kind === 'closed') {
      const { at, id, status, output, failure } = event;
      const operation = operations.get(event.opened);
      if (operation) Object.assign(operation, { end: at, closedBy: id, status, output, failure });
    }
  }
  return [...operations.values()];
}

export function errorOf(failure: Failure | undefined): SpanError | undefined {
  return failure && { code: failure.code, message: failure.message };
}

/** What a span of an activity takes over from it. */
export function attempted(operation: Operation) {
  const { start, end, status, attempts, lastFailure, nextAttempt, failure } = operation;
  return {
    start,
    end,
    status,
    attempts,
    lastFailure: errorOf(lastFailure),
    ...(nextAttempt === undefined || status !== 'running' ? {} : { nextAttempt }),
    error: errorOf(failure),
  };
}
