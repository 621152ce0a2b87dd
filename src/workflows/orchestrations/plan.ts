import { isPositiveTime } from '../../agents/is-time.js';
import type { Json } from '../../agents/json.js';
import { planLimits, type PlanLimits } from '../../agents/plan-limits.js';
import { failure } from '../fail.js';
import { plan, type PlanOptions, type PlanResult, type TaskReport } from '../patterns/plan.js';
import { agentFunction } from '../proxy-agents.js';

export interface GoalRun {
  goal: string;
  /** Names of registered agents. */
  workers: string[];
  /** What is there already, by names that tasks may need. */
  given?: Record<string, Json>;
  /** Who must agree to the plan; times in milliseconds, or as text such as "2 days". */
  approve?: NonNullable<PlanOptions['approve']>;
  review?: NonNullable<PlanOptions['review']>;
  timeout?: NonNullable<PlanOptions['timeout']>;
  limits?: Partial<PlanLimits>;
}

/** The tasks without their outputs: those stand in the children's histories. */
export interface GoalResult extends Omit<PlanResult, 'tasks' | 'replaced'> {
  tasks: Omit<TaskReport, 'output'>[];
  replaced: Omit<TaskReport, 'output'>[];
}

/** Reaches a goal by a plan over agents: `plan` without a workflow of one's own. */
export async function runPlan(input: unknown): Promise<GoalResult> {
  const { goal, workers, ...options } = readGoal(input);
  const agents = Object.fromEntries(workers.map((name) => [name, agentFunction(name)]));
  const { tasks, replaced, ...rest } = await plan(goal, { ...options, workers: agents });
  return { ...rest, tasks: tasks.map(withoutOutput), replaced: replaced.map(withoutOutput) };
}

function withoutOutput({ output: _, ...report }: TaskReport): Omit<TaskReport, 'output'> {
  return report;
}

const FIELDS: Readonly<Record<string, { is: (value: unknown) => boolean; text: string }>> = {
  goal: { is: (value) => typeof value === 'string' && value.trim() !== '', text: 'a text' },
  workers: { is: isNames, text: "a list of agents' names, one at least" },
  given: { is: isObject, text: 'an object: what is there already, by name' },
  approve: { is: isApproval, text: 'an object such as { "approvers": ["lead"], "timeout": "2 days" }' },
  review: {
    is: (value) => value === 'each' || value === 'end' || value === false,
    text: '"each", "end" or false',
  },
  timeout: { is: isPositiveTime, text: 'milliseconds, or a text such as "10 minutes"' },
  limits: { is: isObject, text: 'an object such as { "tasks": 10 }' },
};

/** The edge of the run. Workflow code carries no schema library, so the input is checked by hand. @throws InputInvalid */
function readGoal(input: unknown): GoalRun {
  const shape = '{ "goal": "...", "workers": ["researcher"] }';
  if (!isObject(input)) throw invalid(`the input of plan is an object such as ${shape}`);
  for (const [name, value] of Object.entries(input)) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (!field) throw invalid(`there is no "${name}"; there are: ${Object.keys(FIELDS).join(', ')}`);
    if (!field.is(value)) throw invalid(`"${name}" is ${field.text}`);
  }
  for (const name of ['goal', 'workers']) {
    if (!(name in input)) throw invalid(`"${name}" is missing; the input is an object such as ${shape}`);
  }
  const limits = planLimits(input['limits'] as Record<string, unknown> | undefined);
  if (typeof limits === 'string') throw invalid(limits);
  // Every field was looked at.
  return input as unknown as GoalRun;
}

function invalid(message: string) {
  return failure('InputInvalid', message);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNames(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string' && name !== '')
  );
}

function isApproval(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { approvers, timeout } = value;
  return (
    (approvers === undefined || isNames(approvers)) && (timeout === undefined || isPositiveTime(timeout))
  );
}
