import { Runtime, type Worker } from '@temporalio/worker';
import { LETTING_GO_MS } from './defaults.js';
import { onShutdown } from './draining.js';

/**
 * Runs a worker until it has stopped, and no longer than its grace time and a little after it was told to: code that does not let go,
 * or a server that is not there, must not keep a process from ending.
 * @returns whether all of it has ended
 */
export async function runToStop(worker: Worker): Promise<boolean> {
  const { shutdownGraceTimeMs } = worker.options;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    onShutdown(worker, () => {
      timer = setTimeout(() => resolve(false), shutdownGraceTimeMs + LETTING_GO_MS);
    });
  });
  const ended = worker.run().then(() => true);
  // Where it fails after all that, nobody waits for it any more.
  ended.catch(() => undefined);
  const hasEnded = await Promise.race([ended, late]).finally(() => clearTimeout(timer));
  if (!hasEnded)
    Runtime.instance().logger.warn(
      'stopped, though not all that was under way has let go: it ends with the process',
      { activities: worker.getStatus().numInFlightActivities },
    );
  return hasEnded;
}
