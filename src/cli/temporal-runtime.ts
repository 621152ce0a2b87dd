import { inspect } from 'node:util';
import type { LogEntry } from '@temporalio/worker';
import { IllegalStateError, type LogLevel } from '@temporalio/common';
import { jsonLine } from '../worker/json-log.js';
import { lineLogger } from '../worker/line-logger.js';
import { install, metricsOptions } from '../worker/runtime.js';
import type { WorkerSettings } from '../worker/worker-settings.js';
import type { Io } from './io.js';
import { paintFor } from './paint.js';

/** What Temporal attaches to every message and says little to a reader. */
const DULL = new Set([
  'sdkComponent',
  'namespace',
  'taskQueue',
  'runId',
  'isLocal',
  'activityId',
  'workflowType',
  'activation_timestamp',
  'taskToken',
  'workflowRunId',
]);

/**
 * Sets Temporal's runtime of this process up: logs to `io.err`, one readable line each, from `level` on; signals are left
 * to the command, which stops things in their order.
 * @throws BatonError `ConfigInvalid` where the port of the metrics is taken
 */
export function installRuntime(
  io: Io,
  level: LogLevel,
  { logs, metrics }: Pick<WorkerSettings, 'logs' | 'metrics'> = {},
): void {
  const line = logs === 'json' ? jsonLine : (entry: LogEntry) => render(entry, io);
  try {
    install({
      logger: lineLogger(level, line, io.err),
      telemetryOptions: {
        logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
        ...metricsOptions(metrics),
      },
      shutdownSignals: [],
    });
  } catch (error) {
    // Whoever called `runCli` in a process with workers of its own has set it up.
    if (!(error instanceof IllegalStateError)) throw error;
  }
}

function render({ level, message, timestampNanos, meta = {} }: LogEntry, io: Io): string {
  const { dim, bad, attention } = paintFor(io.err);
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString().slice(11, 19);
  const color = level === 'ERROR' ? bad : level === 'WARN' ? attention : dim;
  const attributes = Object.entries(meta)
    .filter(([key, value]) => !DULL.has(key) && value !== undefined)
    .map(([key, value]) => `${key}=${show(value)}`);
  return `${dim(time)} ${color(level.toLowerCase().padEnd(5))} ${message} ${dim(attributes.join(' '))}`.trimEnd();
}

function show(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 3 });
}
