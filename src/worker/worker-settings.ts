import type { Duration } from '@temporalio/common';
import { z } from 'zod';
import { isTime } from '../agents/is-time.js';

const Port = z.number().int().min(0).max(65_535);
const Count = z.number().int().positive();
const Share = z
  .number({ error: 'a share of the machine, such as 0.8' })
  .gt(0, { error: 'more than 0' })
  .max(1, { error: 'at most 1, which is all of it' });
/** Prometheus' endpoint is bound by Temporal, which looks up no names. */
export const Ip = z.union([z.ipv4(), z.ipv6()], { error: 'an IP address, such as 127.0.0.1 or 0.0.0.0' });

/** Milliseconds, or a text such as `10 seconds`. */
const Time = z.custom<Duration>(
  isTime,
  'a length of time, such as "10 seconds", or a number of milliseconds',
);

/** From this level on. */
export const LogLevelName = z.enum(['debug', 'info', 'warn', 'error']);
export const LogFormat = z.enum(['text', 'json']);

/** How a worker is run and watched: the same in `runWorker`, in `baton.config.ts` and, by flags and environment, of `baton worker`. */
export const WorkerSettings = z.strictObject({
  /**
   * Answers `GET /healthz/live` and `/healthz/ready` over HTTP, on loopback where no host is given. Port 0 takes a free one, which is
   * logged.
   */
  health: z.strictObject({ port: Port, host: z.string().min(1).optional() }).optional(),
  /** Answers Prometheus on `/metrics`: Temporal's metrics and Baton's own. The host is an IP address; loopback where none is given. */
  metrics: z.strictObject({ port: Port.min(1), host: Ip.optional() }).optional(),
  /** `json`: one object a line. Default `text`. */
  logs: LogFormat.optional(),
  logLevel: LogLevelName.optional(),
  /** How long turns and tool calls under way may take after SIGTERM before they are handed back. Default 10 seconds. */
  shutdownGrace: Time.optional(),
  /** Turns and tool calls under way at once. */
  maxTurnsAtOnce: Count.optional(),
  /** Runs whose state is kept in memory between their turns. */
  maxCachedRuns: z.number().int().nonnegative().optional(),
  /** Takes work as long as memory and CPU of the machine (or container) are below these shares. */
  tuner: z.strictObject({ targetMemory: Share, targetCpu: Share }).optional(),
});
export type WorkerSettings = z.infer<typeof WorkerSettings>;
