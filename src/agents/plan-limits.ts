/** Bounds of a plan. This file imports nothing, so that workflow code may take its values. */
export interface PlanLimits {
  /** Tasks of the plan at most, with those that are done and those that a reviewer adds. Default 20. */
  tasks: number;
  /** Plans at most: the first one, and a new one each time that it is stalled. Default 3. */
  plans: number;
  /** How often one plan, or what a reviewer adds, goes back to who made it as it is not valid. Default 2. */
  repairs: number;
  /** How often a person's edits may be invalid before the plan counts as rejected. Default 3. */
  edits: number;
  /** How often one task is done again for a reason: the reviewer's, or that of a task which rejects its output. Default 2. */
  revisions: number;
  /** How often one task whose worker failed is tried again, where that may help. Default 1. */
  retries: number;
  /** Reviews of the whole at most, with `review: 'end'`. Default 2. */
  reviews: number;
  /** Runs of workers in all, whatever for. Default three times `tasks`. */
  runs: number;
  /** Tasks at work at once. Default 8. */
  concurrency: number;
}

export const PLAN_LIMITS: Readonly<Omit<PlanLimits, 'runs'>> = {
  tasks: 20,
  plans: 3,
  repairs: 2,
  edits: 3,
  revisions: 2,
  retries: 1,
  reviews: 2,
  concurrency: 8,
};

/** Runs for each task that a plan may have. */
const RUNS_PER_TASK = 3;

/** Those of which there must be at least one. */
const AT_LEAST_ONE: readonly string[] = [
  'tasks',
  'plans',
  'runs',
  'concurrency',
] satisfies (keyof PlanLimits)[];
const NAMES: readonly string[] = [...Object.keys(PLAN_LIMITS), 'runs'];

/** The limits with their defaults. @returns text where one of them is none: what is wrong */
export function planLimits(given: Readonly<Record<string, unknown>> = {}): PlanLimits | string {
  for (const [name, value] of Object.entries(given)) {
    if (!NAMES.includes(name)) return `there is no limit "${name}"; there are: ${NAMES.join(', ')}`;
    const least = AT_LEAST_ONE.includes(name) ? 1 : 0;
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= least))
      return `limits.${name} is ${JSON.stringify(value)}; give a whole number from ${least}`;
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const limits = { ...PLAN_LIMITS, ...(set as Partial<PlanLimits>) };
  return { runs: limits.tasks * RUNS_PER_TASK, ...limits };
}
