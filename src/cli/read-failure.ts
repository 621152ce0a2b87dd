import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  NamespaceNotFoundError,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { BatonError, isFailureCode } from '../agents/failures.js';
import { DevError } from '../dev/dev-error.js';
import { CliError, devFailureTitle, FAILURE_TABLE, type CliFailureCode } from './failures.js';

/** A failure as people read it. */
export interface FailureView {
  code: string;
  title: string;
  /** What happened here; may have several lines, or be empty. */
  message: string;
  /** What to do. */
  advice: string;
}

/** Whether it is what Ctrl-C gave up, which needs no explanation. */
export function isInterruption(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What a thrown value means, whoever threw it. */
export function readFailure(error: unknown): FailureView {
  if (error instanceof CliError) return row(error.code, error.message, error.advice);
  if (error instanceof BatonError) return row(error.code, error.message);
  if (error instanceof DevError) {
    const { code, message, fix } = error;
    return { code, title: devFailureTitle(code), message, advice: fix };
  }
  if (error instanceof WorkflowFailedError) return readRunFailure(error.cause ?? error);
  if (error instanceof WorkflowNotFoundError) return row('RunNotFound', error.message);
  if (error instanceof NamespaceNotFoundError) return row('NamespaceUnknown', `"${error.namespace}"`);
  return readGrpcFailure(error) ?? row('Unexpected', messageOf(error));
}

/** The failure below the wrappers that Temporal puts around it. */
function readRunFailure(cause: unknown): FailureView {
  if (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) {
    return readRunFailure(cause.cause ?? new Error(cause.message));
  }
  if (cause instanceof ApplicationFailure) {
    if (isFailureCode(cause.type)) return row(cause.type, cause.message);
    const type = cause.type && cause.type !== 'Error' ? `${cause.type}: ` : '';
    return row('RunFailed', `${type}${cause.message}`);
  }
  if (cause instanceof CancelledFailure) return row('RunCancelled', '');
  if (cause instanceof TerminatedFailure) return row('RunTerminated', cause.message);
  if (cause instanceof TimeoutFailure) {
    return cause.cause ? readRunFailure(cause.cause) : row('RunTimedOut', cause.message);
  }
  return row('RunFailed', messageOf(cause));
}

/** gRPC status codes, https://grpc.io/docs/guides/status-codes/. */
const GRPC: Readonly<Record<number, CliFailureCode>> = {
  3: 'TemporalRefused', // INVALID_ARGUMENT
  4: 'ServerUnreachable', // DEADLINE_EXCEEDED
  5: 'RunNotFound', // NOT_FOUND
  7: 'AccessDenied', // PERMISSION_DENIED
  8: 'TemporalRefused', // RESOURCE_EXHAUSTED
  9: 'TemporalRefused', // FAILED_PRECONDITION
  12: 'TemporalRefused', // UNIMPLEMENTED
  14: 'ServerUnreachable', // UNAVAILABLE
  16: 'AccessDenied', // UNAUTHENTICATED
};

function readGrpcFailure(error: unknown): FailureView | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at.name === 'WorkflowUpdateRPCTimeoutOrCancelledError') return row('WorkerMissing', at.message);
    // A worker's connection says it in another way than a client's.
    const missing = /Namespace \S+ was not found/i.exec(at.message);
    if (missing) return row('NamespaceUnknown', missing[0]);
    if (!('code' in at) || typeof at.code !== 'number' || !('details' in at)) continue;
    const details = String(at.details) || at.message;
    // A query or an update needs a worker; without one Temporal says so, or lets the time run out.
    if (/no poller seen|worker may be down/i.test(details)) return row('WorkerMissing', details);
    if (/namespace .*not found/i.test(details)) return row('NamespaceUnknown', details);
    return row(GRPC[at.code] ?? 'TemporalRefused', details);
  }
  return undefined;
}

function row(code: CliFailureCode, message: string, advice?: string): FailureView {
  const { title, try: fixed } = FAILURE_TABLE[code];
  return { code, title, message, advice: advice ?? fixed };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
