import { z } from 'zod';
import { BatonError } from '../agents/failures.js';
import { flatten, SETTING_NAMES, SETTINGS, type FlatSettings } from './settings-table.js';
import { WorkerSettings } from './worker-settings.js';

/** What goes with what: one alone would mean nothing. */
const COMPANIONS = [
  ['healthHost', 'healthPort'],
  ['metricsHost', 'metricsPort'],
  ['targetCpu', 'targetMemory'],
  ['targetMemory', 'targetCpu'],
] as const;

/**
 * The settings of the environment, as `BATON_HEALTH_PORT`. A variable that is empty counts as not set.
 * @throws BatonError `ConfigInvalid`
 */
export function settingsOfEnvironment(env: NodeJS.ProcessEnv): FlatSettings {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const { env: variable, read } = SETTINGS[name];
      const text = env[variable];
      if (text === undefined || text === '') return [];
      try {
        return [[name, read(text)]];
      } catch (error) {
        throw invalid(`${variable}="${text}": ${error instanceof Error ? error.message : String(error)}`);
      }
    }),
  );
}

/**
 * A worker's settings, out of several places: what stands first wins, setting by setting.
 * @throws BatonError `ConfigInvalid`
 */
export function mergeSettings(...places: readonly FlatSettings[]): WorkerSettings {
  const merged: FlatSettings = {};
  for (const place of places)
    for (const name of SETTING_NAMES) if (place[name] !== undefined) merged[name] ??= place[name];
  for (const [name, needs] of COMPANIONS) {
    if (merged[name] === undefined || merged[needs] !== undefined) continue;
    throw invalid(`${spelled(name)} means nothing without ${spelled(needs)}`);
  }
  const { healthPort, healthHost, metricsPort, metricsHost, logFormat, ...rest } = merged;
  const { targetMemory, targetCpu, ...others } = rest;
  const parsed = WorkerSettings.safeParse(
    defined({
      ...others,
      logs: logFormat,
      health: healthPort === undefined ? undefined : defined({ port: healthPort, host: healthHost }),
      metrics: metricsPort === undefined ? undefined : defined({ port: metricsPort, host: metricsHost }),
      tuner: targetMemory === undefined ? undefined : { targetMemory, targetCpu },
    }),
  );
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}

/** The options of a worker with what the environment says of those that are left out. @throws BatonError `ConfigInvalid` */
export function resolveSettings(
  options: WorkerSettings,
  env: NodeJS.ProcessEnv = process.env,
): WorkerSettings {
  return mergeSettings(flatten(options), settingsOfEnvironment(env));
}

/** A setting by all its names. */
function spelled(name: keyof typeof SETTINGS): string {
  const { flag, env } = SETTINGS[name];
  return `${flag.split(' ')[0] ?? ''} (${env})`;
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function invalid(message: string): BatonError {
  return new BatonError('ConfigInvalid', `settings of the worker: ${message}`);
}
