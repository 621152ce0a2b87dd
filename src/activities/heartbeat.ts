import { Context } from '@temporalio/activity';

/**
 * Reports the current activity's liveness until `work` is done: three times in each heartbeat time-out. After
 * the death of the worker the server notices within that time-out and schedules another attempt.
 */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const timeout = context.info.heartbeatTimeoutMs;
  if (!timeout) return work();
  const timer = setInterval(() => context.heartbeat(), timeout / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
