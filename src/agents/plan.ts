import { z } from 'zod';

/** One task of a plan, as a planner, a reviewer or a person gives it. */
export const PlannedTask = z.object({
  id: z.string().describe('short name of the task: letters, digits, _ and -'),
  worker: z.string().describe('name of the worker who does it'),
  task: z
    .string()
    .describe('what to do, in full: the worker sees this and the outputs of what it needs, nothing else'),
  input: z
    .json()
    .optional()
    .describe(
      'only for a worker with "takes": the input, which fits that schema; leave it out for all others',
    ),
  needs: z
    .array(z.string())
    .describe('ids of the tasks whose outputs it builds on; empty where there are none'),
});
export type PlannedTask = z.infer<typeof PlannedTask>;

/** Tasks that make a directed graph without cycles by what they need. */
export const Plan = z.object({ tasks: z.array(PlannedTask) });
export type Plan = z.infer<typeof Plan>;

/** Who can do tasks, as the planner is told. */
export const WorkerCard = z.object({
  name: z.string(),
  description: z.string(),
  capabilities: z.array(z.string()).optional(),
  /** JSON schema of its input. Absent: it takes the text of the task. */
  takes: z.record(z.string(), z.json()).optional(),
});
export type WorkerCard = z.infer<typeof WorkerCard>;

/** Tasks that were given back, and why. */
export const RejectedTasks = z.object({ tasks: z.array(z.json()), problems: z.array(z.string()) });
export type RejectedTasks = z.infer<typeof RejectedTasks>;

/** What a planner is asked. */
export const PlanRequest = z.object({
  goal: z.string(),
  workers: z.array(WorkerCard),
  /** Tasks at most. */
  atMost: z.number().int(),
  /** What is there already; tasks may need it by its id. Long outputs are cut. */
  done: z.array(z.object({ id: z.string(), task: z.string().optional(), output: z.json() })).optional(),
  /** What an earlier plan could not do, and why. */
  failed: z
    .array(z.object({ id: z.string(), worker: z.string(), task: z.string(), why: z.string() }))
    .optional(),
  /** The plan that was made just before and is not valid. */
  rejected: RejectedTasks.optional(),
});
export type PlanRequest = z.infer<typeof PlanRequest>;

/** What a reviewer is asked: about one task, or about all where the plan is done. */
export const ReviewRequest = z.object({
  goal: z.string(),
  workers: z.array(WorkerCard),
  /** Ids of the tasks whose outputs are to be reviewed. */
  review: z.array(z.string()),
  /** The plan, and the outputs of what is reviewed. */
  tasks: z.array(PlannedTask.extend({ output: z.json().optional() })),
  /** Further tasks at most. */
  atMost: z.number().int(),
  /** The tasks that the reviewer just added and that are not valid. */
  rejected: RejectedTasks.optional(),
});
export type ReviewRequest = z.infer<typeof ReviewRequest>;

/** What a reviewer finds. Where both lists are empty all is accepted. */
export const Review = z.object({
  problems: z
    .array(
      z.object({
        id: z.string().describe('id of a task under review'),
        why: z.string().describe('what is wrong, and what to do about it'),
      }),
    )
    .describe('tasks whose output must be done again'),
  missing: z.array(PlannedTask).describe('tasks that the goal needs and the plan lacks'),
});
export type Review = z.infer<typeof Review>;

/** What a synthesiser is asked. */
export const SynthesisRequest = z.object({
  goal: z.string(),
  results: z.array(z.object({ id: z.string(), task: z.string(), output: z.json() })),
  /** What could not be done, and why. */
  missing: z.array(z.object({ id: z.string(), task: z.string(), why: z.string() })),
});
export type SynthesisRequest = z.infer<typeof SynthesisRequest>;
