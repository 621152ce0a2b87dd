import type { z } from 'zod';
import { isTime } from '../agents/is-time.js';
import { Ip, LogFormat, LogLevelName, type WorkerSettings } from './worker-settings.js';

/** One setting of a worker, as flag of `baton worker` and as environment variable; both bring text. */
interface Row {
  /** As commander takes it. */
  flag: string;
  env: string;
  about: string;
  /** Its value out of text. @throws Error that says what is expected */
  read(text: string): string | number;
}

const port = (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) expected('a port, 0 to 65535');
  return value;
};
const count = (least: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
    expected(`a whole number from ${least}`);
  return value;
};
const share = (text: string) => {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value <= 0 || value > 1)
    expected('a share above 0 and up to 1, such as 0.8');
  return value;
};
const time = (text: string) =>
  isTime(text) ? text : expected('a length of time, such as 30s or "1 minute"');
const text = (given: string) => given;
const ip = (text: string) => (Ip.safeParse(text).success ? text : expected('an IP address, such as 0.0.0.0'));
const oneOf =
  ({ options }: z.ZodEnum) =>
  (given: string) =>
    options.includes(given) ? given : expected(`one of: ${options.join(', ')}`);

/** Every setting of a worker, in the order in which the command line shows them. */
export const SETTINGS = {
  healthPort: {
    flag: '--health-port <n>',
    env: 'BATON_HEALTH_PORT',
    about: 'answer /healthz/live and /healthz/ready on this port',
    read: port,
  },
  healthHost: {
    flag: '--health-host <host>',
    env: 'BATON_HEALTH_HOST',
    about: 'address to answer them on; default 127.0.0.1',
    read: text,
  },
  metricsPort: {
    flag: '--metrics-port <n>',
    env: 'BATON_METRICS_PORT',
    about: 'answer Prometheus on /metrics of this port',
    read: port,
  },
  metricsHost: {
    flag: '--metrics-host <ip>',
    env: 'BATON_METRICS_HOST',
    about: 'IP address to answer it on; default 127.0.0.1',
    read: ip,
  },
  logFormat: {
    flag: '--log-format <format>',
    env: 'BATON_LOG_FORMAT',
    about: 'text or json; default text',
    read: oneOf(LogFormat),
  },
  logLevel: {
    flag: '--log-level <level>',
    env: 'BATON_LOG_LEVEL',
    about: 'debug, info, warn or error; default info',
    read: oneOf(LogLevelName),
  },
  shutdownGrace: {
    flag: '--shutdown-grace <time>',
    env: 'BATON_SHUTDOWN_GRACE',
    about: 'how long what is under way may take after SIGTERM; default 10s',
    read: time,
  },
  maxTurnsAtOnce: {
    flag: '--max-turns-at-once <n>',
    env: 'BATON_MAX_TURNS_AT_ONCE',
    about: 'turns and tool calls under way at once; default 100',
    read: count(1),
  },
  maxCachedRuns: {
    flag: '--max-cached-runs <n>',
    env: 'BATON_MAX_CACHED_RUNS',
    about: 'runs kept in memory between their turns; default by memory',
    read: count(0),
  },
  targetMemory: {
    flag: '--target-memory <share>',
    env: 'BATON_TARGET_MEMORY',
    about: 'take work while less memory than this is used, such as 0.8',
    read: share,
  },
  targetCpu: {
    flag: '--target-cpu <share>',
    env: 'BATON_TARGET_CPU',
    about: 'take work while less CPU than this is used, such as 0.9',
    read: share,
  },
} as const satisfies Record<string, Row>;

export type SettingName = keyof typeof SETTINGS;

/** Settings by their names in the table, from one place. */
export type FlatSettings = { [Name in SettingName]?: string | number | undefined };

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** Options of a worker, flat. */
export function flatten({ health, metrics, logs, tuner, ...rest }: WorkerSettings): FlatSettings {
  const { logLevel, shutdownGrace, maxTurnsAtOnce, maxCachedRuns } = rest;
  return {
    healthPort: health?.port,
    healthHost: health?.host,
    metricsPort: metrics?.port,
    metricsHost: metrics?.host,
    logFormat: logs,
    logLevel,
    shutdownGrace,
    maxTurnsAtOnce,
    maxCachedRuns,
    targetMemory: tuner?.targetMemory,
    targetCpu: tuner?.targetCpu,
  };
}

function expected(what: string): never {
  throw new Error(`expected ${what}`);
}
