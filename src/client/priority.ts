import { createHash } from 'node:crypto';
import type { Priority } from '@temporalio/common';
import { z } from 'zod';
import { BatonError } from '../agents/failures.js';

const LEVELS = { interactive: 1, batch: 5 } as const;

/** What is served first where work waits: 1 before 5; `interactive` is 1, `batch` is 5. Without one it is 3. */
export const RunPriority = z.union([
  z.enum(['interactive', 'batch']),
  z.literal([1, 2, 3, 4, 5], { error: '1 to 5, "interactive" or "batch"' }),
]);
export type RunPriority = z.infer<typeof RunPriority>;

/** Temporal's limit of a fairness key. */
const KEY_BYTES = 64;

/**
 * Temporal's priority for a run. All that belongs to the run inherits it: workflow tasks, turns, tool calls, children.
 * @throws BatonError `InputInvalid`
 */
export function priorityOf(
  priority: RunPriority | undefined,
  tenant: string | undefined,
): { priority?: Priority } {
  const level = RunPriority.optional().safeParse(priority);
  if (!level.success)
    throw new BatonError('InputInvalid', 'priority: "interactive", "batch", or a number from 1 (first) to 5');
  if (level.data === undefined && tenant === undefined) return {};
  return {
    priority: {
      ...(level.data === undefined
        ? {}
        : { priorityKey: typeof level.data === 'string' ? LEVELS[level.data] : level.data }),
      ...(tenant === undefined ? {} : { fairnessKey: fairnessKeyOf(tenant) }),
    },
  };
}

/** The tenant, or where it is longer than a key may be, a digest of it. */
export function fairnessKeyOf(tenant: string): string {
  if (Buffer.byteLength(tenant) <= KEY_BYTES) return tenant;
  return createHash('sha256').update(tenant).digest('hex');
}
