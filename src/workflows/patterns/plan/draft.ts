import type { Json } from '../../../agents/json.js';
import type { PlannedTask, PlanRequest, RejectedTasks } from '../../../agents/plan.js';
import { cutResult } from '../../../agents/cut-result.js';
import { failure } from '../../fail.js';
import type { BoardTask } from './board.js';
import { agreed } from './agreed.js';
import { problemsNow, type PlanRun } from './plan-run.js';
import { readTasks } from './read-tasks.js';

/** Bytes of an output that a planner is shown: it only has to know what is there. */
const HEAD = 2_000;

/**
 * Has the planner make tasks until they are valid, and people agree to them.
 * @param failed what an earlier plan could not do; then no tasks at all are a plan too, of one who gives up
 * @throws PlanFailed where the planner makes no valid plan, PlanRejected, and what the planner fails with
 */
export async function draft(run: PlanRun, failed: readonly BoardTask[] = []): Promise<PlannedTask[]> {
  const tasks = await validPlan(run, failed);
  return tasks.length === 0 ? [] : agreed(run, tasks, failed.length === 0 ? 'Plan' : 'New plan');
}

async function validPlan(run: PlanRun, failed: readonly BoardTask[]): Promise<PlannedTask[]> {
  const { planner, limits } = run;
  const request = requestOf(run, failed);
  let rejected: RejectedTasks | undefined;
  for (let tries = 1; tries <= 1 + limits.repairs; tries++) {
    const made = await planner({ ...request, ...(rejected ? { rejected } : {}) });
    const read = readTasks(made);
    const problems = 'problems' in read ? read.problems : problemsNow(run, read.tasks);
    if ('tasks' in read && read.tasks.length === 0 && failed.length === 0)
      problems.push('there are no tasks');
    if ('tasks' in read && problems.length === 0) return read.tasks;
    rejected = { tasks: 'tasks' in read ? (read.tasks as Json[]) : [], problems };
  }
  const problems = rejected?.problems ?? [];
  throw failure(
    'PlanFailed',
    `the planner made no valid plan in ${1 + limits.repairs} tries; the last time: ${problems.join('; ')}`,
    { problems },
  );
}

function requestOf({ goal, team, board }: PlanRun, failed: readonly BoardTask[]): PlanRequest {
  const done = [
    ...[...board.given].map(([id, output]) => ({ id, output: cutResult(output, HEAD).content })),
    ...board.done.map(({ id, spec, output }) => ({
      id,
      task: spec.task,
      output: cutResult(output, HEAD).content,
    })),
  ];
  return {
    goal,
    workers: [...team.values()].map(({ card }) => card),
    atMost: board.room,
    ...(done.length > 0 ? { done } : {}),
    ...(failed.length > 0
      ? {
          failed: failed.map(({ spec: { id, worker, task }, failure }) => ({
            id,
            worker,
            task,
            why: whyOf(failure),
          })),
        }
      : {}),
  };
}

/** Why a task is not done, in words. */
export function whyOf(failure: BoardTask['failure']): string {
  return failure ? `${failure.code}: ${failure.message}` : 'what it needs was not done';
}
