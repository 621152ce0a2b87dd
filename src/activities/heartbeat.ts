import { Context } from '@temporalio/activity';

/**
 * Reports the current activity's liveness until `work` is done: three times in each heartbeat time-out. After
 * the death of the worker the server notices within that time-out and schedules another attempt.
 * @param progress what the next attempt is told, as `heartbeatDetails`
 */
export async function withHeartbeat<T>(work: () => Promise<T>, progress?: unknown): Promise<T> {
  const context = Context.current();
  const timeout = context.info.heartbeatTimeoutMs;
  if (!timeout) return work();
  const timer = setInterval(() => context.heartbeat(progress), timeout / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
