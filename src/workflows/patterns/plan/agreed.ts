import type { Json } from '../../../agents/json.js';
import type { PlannedTask } from '../../../agents/plan.js';
import { approval } from '../../approval.js';
import { failure } from '../../fail.js';
import { problemsNow, type PlanRun } from './plan-run.js';
import { readTasks } from './read-tasks.js';

/**
 * Asks people for their consent to tasks, where the plan wants it. They may edit them; what they make of them must be as valid as
 * what a planner makes, else they are asked again and told why.
 * @param what the tasks are: the plan, a new plan, additions
 * @throws PlanRejected
 */
export async function agreed(run: PlanRun, tasks: PlannedTask[], what: string): Promise<PlannedTask[]> {
  const { goal, approve, limits } = run;
  if (!approve) return tasks;
  let edit: { edits: Json; problems: string[] } | undefined;
  for (let invalid = 0; invalid <= limits.edits; invalid++) {
    const decision = await approval({
      ...approve,
      title: `${what} of ${tasks.length} task${tasks.length === 1 ? '' : 's'}: ${goal}`.slice(0, 200),
      details: { goal, tasks: tasks as Json[], ...edit },
    });
    if (!decision.approved) {
      const { status, by, comment } = decision;
      throw rejected(`${what}: ${status}${by ? ` by ${by}` : ''}${comment ? `: ${comment}` : ''}`, decision);
    }
    if (decision.edits === undefined) return tasks;
    const read = readTasks(decision.edits);
    const problems = 'problems' in read ? read.problems : problemsNow(run, read.tasks);
    if ('tasks' in read && read.tasks.length === 0) problems.push('there are no tasks');
    if ('tasks' in read && problems.length === 0) return read.tasks;
    edit = { edits: decision.edits, problems };
  }
  throw rejected(
    `${what}: edited ${limits.edits + 1} times, never validly; the last time: ${edit?.problems.join('; ')}`,
  );
}

function rejected(message: string, details?: unknown) {
  return failure('PlanRejected', message, details);
}
