import type { Baton } from '../client.js';
import { BatonError } from '../agents/failures.js';

/** What a person answers: the only approval of a run, or the one with the id. */
export interface Answered {
  runId: string;
  approvalId?: string;
}

/**
 * Reads what `approve` is given: a run's id, or an approval's, which is `<run>/<n>`. A run may be called so too; then it
 * is the run.
 */
export async function readAnswered(baton: Baton, given: string): Promise<Answered> {
  const [, runId] = /^(.+)\/\d+$/.exec(given) ?? [];
  if (runId === undefined || (await exists(baton, given))) return { runId: given };
  return { runId, approvalId: given };
}

async function exists(baton: Baton, runId: string): Promise<boolean> {
  try {
    await baton.run(runId).status();
    return true;
  } catch (error) {
    if (error instanceof BatonError && error.code === 'RunNotFound') return false;
    throw error;
  }
}
