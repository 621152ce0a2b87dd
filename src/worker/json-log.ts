import { types } from 'node:util';
import type { LogEntry } from '@temporalio/worker';

/** Temporal's names of what people look for, and ours. The more telling one first. */
const NAMES = [
  ['workflowId', 'run'],
  ['workflowRunId', 'runId'],
  ['runId', 'runId'],
  ['workflowType', 'orchestration'],
  ['activityType', 'activity'],
] as const;
/** Long, and good for nothing in a log. */
const LEFT_OUT: readonly string[] = ['taskToken', 'activation_timestamp'];

/** A log entry as one line of JSON: time, level and message, what it is about under fixed names, and the rest as it came. */
export function jsonLine({ level, message, timestampNanos, meta = {} }: LogEntry): string {
  const rest: Record<string, unknown> = { ...meta };
  const about: Record<string, unknown> = {};
  for (const [theirs, ours] of NAMES) {
    about[ours] ??= rest[theirs];
    Reflect.deleteProperty(rest, theirs);
  }
  for (const name of LEFT_OUT) Reflect.deleteProperty(rest, name);
  const { agent, turn, tool, attempt, ...others } = rest;
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  return stringify({
    time,
    level: level.toLowerCase(),
    message,
    ...about,
    agent,
    turn,
    tool,
    attempt,
    ...others,
  });
}

/** A log line must never fail, whatever user code attaches. */
function stringify(entry: Record<string, unknown>): string {
  try {
    return JSON.stringify(entry, plain);
  } catch {
    const { time, level, message, run, runId } = entry;
    return JSON.stringify({ time, level, message: String(message), run, runId });
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return isError(value) ? errorOf(value) : value;
}

function errorOf(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const type = 'type' in error ? error.type : undefined;
  return { name, ...(typeof type === 'string' ? { type } : {}), message, stack, cause };
}

function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
