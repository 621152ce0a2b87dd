import { DevError } from '../dev/dev-error.js';
import type { OpenServer } from './embedded-server.js';
import type { HostedWorker } from './host-worker.js';

/**
 * Resolves when the signal is aborted.
 * @throws what ended the worker, or DevError `TemporalServerFailed`, where one of them ends first
 */
export async function untilStopped(
  signal: AbortSignal,
  { worker, server }: { worker?: HostedWorker | undefined; server?: OpenServer },
): Promise<void> {
  await Promise.race([
    aborted(signal),
    ...(worker ? [worker.ended] : []),
    ...(server ? [server.exited.then(() => fail(signal))] : []),
  ]);
}

export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function fail(signal: AbortSignal): void {
  if (signal.aborted) return;
  throw new DevError(
    'TemporalServerFailed',
    'The Temporal server ended by itself.',
    'read temporal.log in the data folder, and start again: the data is kept',
  );
}
