import { Context } from '@temporalio/activity';
import { z } from 'zod';

/** What an attempt of a turn, or of a tool that writes, tells the next one, in its heartbeat. */
const AttemptLog = z.object({
  /** Attempts at which the provider was down. */
  down: z.number().int().default(0),
  /** Attempts that ended by themselves: it is known what they cost, or that they did nothing. */
  ended: z.number().int().default(0),
});
type AttemptLog = z.infer<typeof AttemptLog>;

const logs = new WeakMap<Context, AttemptLog>();

/**
 * Counts one more attempt of the current turn at which the provider was down.
 * @returns how many there were. The count goes from attempt to attempt by the details of the last heartbeat, which come
 * with the failed attempt: the attempt's number would count those that were told to wait as well, and those whose
 * worker died.
 */
export function countProviderDown(): number {
  const { info } = Context.current();
  // A local activity has no heartbeat: there each attempt counts.
  return info.heartbeatTimeoutMs ? ++currentLog().down : info.attempt;
}

/**
 * Tells the next attempt how this one ends.
 * @param isKnown whether it is known what it cost, or that it did nothing
 */
export function endAttempt(isKnown: boolean): void {
  const { info, heartbeat } = Context.current();
  const log = currentLog();
  if (isKnown) log.ended++;
  if (info.heartbeatTimeoutMs) heartbeat(log);
}

/**
 * Set where nobody knows what an attempt before this one cost, or did: its worker died, or the provider's answer was lost. With how often the
 * provider was down so far.
 */
export function lostAttempt(): { lost: true; down?: number } | undefined {
  const { attempt, isLocal } = Context.current().info;
  const { ended, down } = currentLog();
  if (isLocal || attempt - 1 <= ended) return undefined;
  return { lost: true, ...(down > 0 ? { down } : {}) };
}

/** @param down how often the provider was down at the turn before this activity */
export function beginAttempt(down = 0): void {
  const context = Context.current();
  const log = AttemptLog.safeParse(context.info.heartbeatDetails).data ?? { down, ended: 0 };
  logs.set(context, log);
}

function currentLog(): AttemptLog {
  const log = logs.get(Context.current());
  if (!log) throw new Error('the attempt was not begun');
  return log;
}
