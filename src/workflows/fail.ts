import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { FailureCode } from '../agents/failures.js';
import { progressIn, type Progress } from './progress.js';

/**
 * A failure of the table, thrown in workflow code. It must be Temporal's own kind of failure: any other error would stall
 * the workflow task instead of failing the run.
 */
export function failure(code: FailureCode, message: string, details?: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: true,
    ...(details === undefined ? {} : { details: [details] }),
  });
}

/** What failed, for orchestrations that decide on it. */
export interface FailureInfo {
  /** Code from the failure table, or another type where the error is not Baton's. */
  code: FailureCode | (string & {});
  message: string;
  details: unknown;
  /** Set where an agent's call failed in this run: how far it had come. */
  progress?: Progress;
  /** Set where an agent had written by a tool before it failed, or may have: done anew it may do that again. */
  wrote?: true;
}

/**
 * What an error caught in workflow code means, whether an agent, a child or an activity threw it; undefined
 * for errors that are not Temporal failures.
 */
export function failureOf(error: unknown): FailureInfo | undefined {
  if (error instanceof ApplicationFailure) {
    const { type, message, details } = error;
    const progress = progressIn(details);
    return {
      code: type ?? 'Error',
      message,
      details: details?.[0] ?? undefined,
      ...(progress ? { progress } : {}),
      ...(progress?.wrote ? { wrote: true } : {}),
    };
  }
  if (error instanceof TimeoutFailure) {
    // The failure that a retry waited on says more than that its time ran out.
    return failureOf(error.cause) ?? { code: 'TimedOut', message: error.message, details: undefined };
  }
  if (error instanceof ActivityFailure) return failureOf(error.cause);
  if (error instanceof ChildWorkflowFailure) {
    const info = failureOf(error.cause);
    if (!info) return undefined;
    // What an agent had reached there can be gone on from there only: here its transcript's number is another conversation's.
    const { progress: _, ...rest } = info;
    return rest;
  }
  return undefined;
}

/** Why an agent rejected its input. */
export interface InputRejection {
  /** Name of the agent. */
  agent: string;
  /** What is wrong with the input, in the agent's words. */
  reason: string;
}

/** Which agent rejected its input and why, where that is what failed; undefined for all else. */
export function rejectionOf(failed: FailureInfo | undefined): InputRejection | undefined {
  if (failed?.code !== 'InputRejected') return undefined;
  // The agent loop throws this code with these details; user code may throw it too.
  const { agent = '', reason = failed.message } = (failed.details ?? {}) as Partial<InputRejection>;
  return { agent, reason };
}
