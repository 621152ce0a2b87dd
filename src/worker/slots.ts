import type { WorkerOptions } from '@temporalio/worker';
import { BatonError } from '../agents/failures.js';
import { TUNED_SLOTS } from './defaults.js';
import type { WorkerSettings } from './worker-settings.js';

type Slots = Pick<
  WorkerOptions,
  | 'maxCachedWorkflows'
  | 'maxConcurrentActivityTaskExecutions'
  | 'maxConcurrentLocalActivityExecutions'
  | 'tuner'
>;

/** Temporal's own options that say how much work a worker takes, and that a tuner stands for. */
const FIXED = [
  'maxConcurrentWorkflowTaskExecutions',
  'maxConcurrentActivityTaskExecutions',
  'maxConcurrentLocalActivityExecutions',
  'maxConcurrentNexusTaskExecutions',
] as const satisfies readonly (keyof WorkerOptions)[];

/**
 * How much work a worker takes at once, as Temporal's options.
 * @param given Temporal's own options of the worker
 * @throws BatonError `ConfigInvalid` where they say the same otherwise
 */
export function slotsOf(
  { tuner, maxTurnsAtOnce, maxCachedRuns }: WorkerSettings,
  given: Readonly<Partial<WorkerOptions>>,
): Slots {
  const cached = maxCachedRuns === undefined ? {} : { maxCachedWorkflows: maxCachedRuns };
  if (!tuner) {
    if (maxTurnsAtOnce === undefined) return cached;
    return {
      ...cached,
      maxConcurrentActivityTaskExecutions: maxTurnsAtOnce,
      maxConcurrentLocalActivityExecutions: maxTurnsAtOnce,
    };
  }
  const twice = [...FIXED, 'tuner' as const].filter((option) => given[option] !== undefined);
  if (twice.length > 0)
    throw new BatonError(
      'ConfigInvalid',
      `options of the worker: "tuner" decides how much work is taken: leave out worker.${twice.join(', worker.')}`,
    );
  const { workflowTasks, activities, localActivities } = TUNED_SLOTS;
  const upTo = <Options extends { minimumSlots: number; maximumSlots: number }>(options: Options) =>
    maxTurnsAtOnce === undefined
      ? options
      : {
          ...options,
          minimumSlots: Math.min(options.minimumSlots, maxTurnsAtOnce),
          maximumSlots: maxTurnsAtOnce,
        };
  return {
    ...cached,
    tuner: {
      tunerOptions: { targetMemoryUsage: tuner.targetMemory, targetCpuUsage: tuner.targetCpu },
      workflowTaskSlotOptions: workflowTasks,
      activityTaskSlotOptions: upTo(activities),
      localActivityTaskSlotOptions: upTo(localActivities),
    },
  };
}
