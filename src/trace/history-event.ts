import type { Json } from '../agents/json.js';

/**
 * A run's history as the trace reads it: what was opened, what became of it, and what came from outside. Payloads are
 * decoded; Temporal's own bookkeeping is left out.
 */
export type HistoryEvent = EventPlace & EventContent;

export type EventContent =
  RunStarted | RunClosed | Noted | TaskCompleted | TaskFailed | Opened | Progressed | Closed | Signalled;

interface EventPlace {
  /** Temporal's event id, from 1. */
  id: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface Failure {
  /** Code of the failure table, another error's type, or `TimedOut`, `Cancelled`, `Terminated`. */
  code: string;
  message: string;
  /** First of the failure's details. */
  details?: Json;
  /** What it was: a time-out keeps here that it was one when its code is its cause's. */
  timeout?: true;
}

export interface RunStarted {
  kind: 'runStarted';
  workflowId: string;
  runId: string;
  /** Run that this one goes on from: it was continued as new, or tried again. */
  continuedFrom?: string;
  type: string;
  input: Json[];
  taskQueue?: string;
  parent?: { workflowId: string; runId: string };
}

export type CloseStatus = 'completed' | 'failed' | 'cancelled' | 'timedOut';

export interface RunClosed {
  kind: 'runClosed';
  status: CloseStatus;
  output?: Json;
  failure?: Failure;
  /** Run that goes on where this one ended: continued as new, or a retry of the whole run. */
  next?: string;
}

/** What the run says of itself at its end: `RunNotes`. */
export interface Noted {
  kind: 'noted';
  notes: Json;
}

/** The workflow code has seen all events before this one. */
export interface TaskCompleted {
  kind: 'taskCompleted';
}

/** The workflow code could not go on: Temporal tries the task again until it can. */
export interface TaskFailed {
  kind: 'taskFailed';
  failure: Failure;
}

export type Operation = 'activity' | 'child' | 'timer' | 'update' | 'message' | 'nexus';

/** Something that takes time has begun; `Progressed` and `Closed` refer to it by its event id. */
export interface Opened {
  kind: 'opened';
  operation: Operation;
  /** Activity type, workflow type, update or signal name; '' for timers. */
  name: string;
  input: Json[];
  summary?: string;
  /** Of a child, or of the workflow that a message goes to. */
  workflowId?: string;
  /** Span in which a child was started. */
  span?: string;
  /** Of a timer, in milliseconds. */
  duration?: number;
  identity?: string;
}

export interface Progressed {
  kind: 'progressed';
  opened: number;
  /** Number of the last attempt. Temporal records it when the attempt ends. */
  attempt?: number;
  /** How the attempt before it failed. */
  lastFailure?: Failure;
  /** When it begins, where it is still to come; in milliseconds since the epoch. */
  nextAttempt?: number;
  /** Of a child that has started. */
  runId?: string;
}

export interface Closed {
  kind: 'closed';
  opened: number;
  status: CloseStatus;
  output?: Json;
  failure?: Failure;
}

/** A signal has come, or the request to cancel the run (named `cancel`). */
export interface Signalled {
  kind: 'signalled';
  name: string;
  input: Json[];
  identity?: string;
}
