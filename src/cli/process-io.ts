import { INTERRUPTED } from './exit-codes.js';
import type { Io } from './io.js';

/** The process's own streams, folder and signals. */
export function processIo(): Io {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  let listening = false;
  return {
    out: process.stdout,
    err: process.stderr,
    in: process.stdin,
    cwd: process.cwd(),
    interruption() {
      if (!listening) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
      listening = true;
      return controller.signal;
    },
  };
}
