import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Run } from '../client.js';

/** The query that an orchestration answers with how far it is. */
const PROGRESS_QUERY = 'progress';
const POLL_MS = 500;

/**
 * Asks a run again and again how far it is, until it has ended. Unlike reading its trace that costs the same however much
 * it has done.
 * @param signal ends the following
 * @param onState what the query answers, and whether that is new
 * @returns whether the run has ended
 */
export async function followProgress(
  { client, run, signal }: { client: Client; run: Run; signal: AbortSignal },
  onState: (state: unknown, isNew: boolean) => void | Promise<void>,
): Promise<boolean> {
  const handle = client.workflow.getHandle(run.id, run.runId);
  let last: string | undefined;
  for (;;) {
    // Asked first: a run that has ended says once more how far it came.
    const goesOn = (await run.status()) === 'RUNNING';
    // Before its first task a run cannot be asked, nor where its worker is busy.
    const state = await handle.query<unknown>(PROGRESS_QUERY).catch(() => undefined);
    if (state !== undefined) {
      const shown = JSON.stringify(state);
      await onState(state, shown !== last);
      last = shown;
    }
    if (!goesOn) return true;
    if (signal.aborted) return false;
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
