import { isIPv6 } from 'node:net';
import { DefaultLogger, Runtime, type RuntimeOptions } from '@temporalio/worker';
import { IllegalStateError, type LogLevel } from '@temporalio/common';
import { BatonError } from '../agents/failures.js';
import { jsonLine } from './json-log.js';
import { lineLogger } from './line-logger.js';
import type { WorkerSettings } from './worker-settings.js';

export const LOOPBACK = '127.0.0.1';

type Telemetry = Pick<WorkerSettings, 'logs' | 'logLevel' | 'metrics'>;

/** Of each runtime that was set up here: with what. */
const known = new WeakMap<Runtime, string>();

/**
 * Sets Temporal's runtime of this process up, where logs or metrics are asked for that only it can give. It must be done before the
 * first connection; workers of one process share it.
 * @throws BatonError `ConfigInvalid` where another one is up already, or the port of the metrics is taken
 */
export function setUpRuntime({ logs, logLevel, metrics }: Telemetry): void {
  if (logs === undefined && logLevel === undefined && !metrics) return;
  const asked = JSON.stringify([logs, logLevel, metrics]);
  const level = levelOf(logLevel);
  const isJson = logs === 'json';
  const options: RuntimeOptions = {
    logger: isJson ? lineLogger(level, jsonLine, process.stderr) : new DefaultLogger(level),
    telemetryOptions: {
      // What the native part says goes the same way, so that each line is of one form.
      ...(isJson ? { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } } : {}),
      ...metricsOptions(metrics),
    },
  };
  try {
    known.set(install(options), asked);
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
    if (known.get(Runtime.instance()) === asked) return;
    throw new BatonError(
      'ConfigInvalid',
      'metrics, logs and logLevel must be known before the first connection of the process: give runWorker an address instead of a connection, or say them in Runtime.install of your own',
      { cause: error },
    );
  }
}

/** @throws BatonError `ConfigInvalid` where the port of the metrics is taken; IllegalStateError where there is a runtime */
export function install(options: RuntimeOptions): Runtime {
  try {
    return Runtime.install(options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.includes('prometheus')) throw error;
    const reason = /address already in use/i.test(message) ? 'the port is taken' : message;
    throw new BatonError(
      'ConfigInvalid',
      `metrics on ${bindAddress(options)}: ${reason}; choose another with --metrics-port, BATON_METRICS_PORT or metrics.port`,
      { cause: error },
    );
  }
}

/** A turn takes seconds: Temporal's own bounds are made for what takes milliseconds. */
const TURN_MS = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000];

/** @returns what is to be given as `telemetryOptions` */
export function metricsOptions(
  metrics: WorkerSettings['metrics'],
): Pick<NonNullable<RuntimeOptions['telemetryOptions']>, 'metrics'> {
  if (!metrics) return {};
  const { port, host = LOOPBACK } = metrics;
  const bindAddress = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  return {
    metrics: { prometheus: { bindAddress, histogramBucketOverrides: { baton_turn_latency: TURN_MS } } },
  };
}

export function levelOf(level: WorkerSettings['logLevel']): LogLevel {
  const levels = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;
  return levels[level ?? 'info'];
}

function bindAddress({ telemetryOptions: { metrics } = {} }: RuntimeOptions): string {
  return metrics && 'prometheus' in metrics ? metrics.prometheus.bindAddress : '';
}
