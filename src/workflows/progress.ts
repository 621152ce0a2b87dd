import { ApplicationFailure } from '@temporalio/workflow';
import type { Usage } from '../agents/usage.js';
import type { TranscriptHandle } from './run-agent.js';

/** How far an agent had come when its call failed. */
export interface Progress {
  /** To go on from in the same run, as with a higher budget, or to have it summed up. */
  transcript: TranscriptHandle;
  usage: Usage;
  /** US dollars. */
  cost: number;
  turns: number;
  /** Set where a tool had written, or may have: done anew the agent may do it again. */
  wrote?: true;
}

/** The failure that ends an agent's call, with what was reached as its second detail. What is no such failure stays as it is. */
export function withProgress(error: unknown, progress: () => Progress): unknown {
  if (!(error instanceof ApplicationFailure) || error.failure || progressIn(error.details)) return error;
  const { message, type, nonRetryable, details, cause } = error;
  return ApplicationFailure.create({
    message,
    ...(type == null ? {} : { type }),
    nonRetryable: nonRetryable === true,
    details: [details?.[0] ?? null, { baton_progress: progress() }],
    ...(cause ? { cause } : {}),
  });
}

export function progressIn(details: readonly unknown[] | null | undefined): Progress | undefined {
  const second = details?.[1];
  const is = typeof second === 'object' && second !== null && 'baton_progress' in second;
  // Nobody else writes this key.
  return is ? (second.baton_progress as Progress) : undefined;
}
