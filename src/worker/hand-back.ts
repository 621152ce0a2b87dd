import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { untilAborted } from '../activities/until-aborted.js';
import type { FailureCode } from '../agents/failures.js';
import type { LocalDeclined } from '../agents/local-call.js';
import type { Draining } from './draining.js';

/** Why Temporal's SDK cancels an activity when a worker's grace time is over. */
const SHUTDOWN = 'WORKER_SHUTDOWN';
/** For what an activity has to tidy up. */
const TIDY_MS = 500;
const DECLINED = {
  kind: 'baton_declined',
  declined: 'the worker is being stopped',
} as const satisfies LocalDeclined;

/**
 * Hands back what a worker that is being stopped has no time for: another worker is given it at once, and not after a heartbeat
 * time-out or Temporal's back-off. An attempt of a tool that may have only one ends with an unknown outcome.
 * @param isPlaceable whether an activity may decline a local attempt
 */
export function handBack(
  { info, cancellationSignal, log }: Context,
  draining: Draining,
  isPlaceable: boolean,
): Required<Pick<ActivityInboundCallsInterceptor, 'execute'>> {
  if (info.isLocal && !isPlaceable) return { execute: (input, next) => next(input) };
  if (info.isLocal) {
    return {
      async execute(input, next) {
        // No new work is begun: as an ordinary activity another worker takes it.
        if (draining.isBegun) return DECLINED;
        return untilAborted(draining.graceOver, next(input), () => DECLINED);
      },
    };
  }
  return {
    async execute(input, next) {
      const isStopped = () => cancellationSignal.aborted && messageOf(cancellationSignal.reason) === SHUTDOWN;
      const result = next(input);
      // What does not look at its signal must not hold the worker up. Where its run cancels it, it may go on.
      const letGo = async () => {
        if (!isStopped()) return result;
        await delay(TIDY_MS);
        throw cancellationSignal.reason;
      };
      try {
        return await untilAborted(cancellationSignal, result, letGo);
      } catch (error) {
        if (!isStopped() || !isAbort(error)) throw error;
        log.info('handed back, as the worker is being stopped');
        throw ApplicationFailure.create({
          type: 'WorkerStopped' satisfies FailureCode,
          message: 'the worker was stopped before it was done',
          nextRetryDelay: '1 millisecond',
          category: ApplicationFailureCategory.BENIGN,
        });
      }
    },
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'CancelledFailure' || error.name === 'AbortError');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
