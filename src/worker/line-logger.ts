import type { LogLevel } from '@temporalio/common';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';

/** As long as the server is away, one line is written in so many ms. */
const EVERY_MS = 30_000;

/** A logger of a process that writes each entry as a line. */
export function lineLogger(
  level: LogLevel,
  line: (entry: LogEntry) => string,
  out: { write(text: string): unknown },
): DefaultLogger {
  return new DefaultLogger(
    level,
    fewerRetries((entry) => out.write(`${line(entry)}\n`)),
  );
}

/**
 * Leaves out most of what Temporal's native part says while the server does not answer: each of its twenty pollers says it, at each of
 * its retries.
 */
export function fewerRetries(write: (entry: LogEntry) => void): (entry: LogEntry) => void {
  let last = -Infinity;
  return (entry) => {
    if (/^gRPC call \S+ retried \d+ times/.test(entry.message)) {
      const now = Number(entry.timestampNanos / 1_000_000n);
      if (now - last < EVERY_MS) return;
      last = now;
    }
    write(entry);
  };
}
