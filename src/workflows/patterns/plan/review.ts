import { cutResult } from '../../../agents/cut-result.js';
import type { Json } from '../../../agents/json.js';
import type { PlannedTask, RejectedTasks, Review, ReviewRequest } from '../../../agents/plan.js';
import { contain } from '../../contain.js';
import { agreed } from './agreed.js';
import { OUTPUT_BYTES, type BoardTask } from './board.js';
import { problemsNow, type PlanRun } from './plan-run.js';
import { readTasks } from './read-tasks.js';

/** Why tasks have to be done again, by their ids. */
type Objections = ReadonlyMap<string, string>;

/**
 * Has one output reviewed before anything is built on it, and adds the tasks that the reviewer misses.
 * @returns why it must be done again; undefined where it is accepted
 */
export async function reviewOutput(run: PlanRun, task: BoardTask, output: Json): Promise<string | undefined> {
  const found = await ask(run, new Map([[task.id, cutResult(output, OUTPUT_BYTES).content]]));
  if (!found) return undefined;
  await extend(run, found.missing);
  return found.objections.get(task.id);
}

/**
 * Has all outputs reviewed together.
 * @returns whether there is something to do again, or more to do
 */
export async function reviewAll(run: PlanRun): Promise<boolean> {
  const { board } = run;
  const found = await ask(run, board.outputs);
  if (!found) return false;
  for (const task of board.all) {
    const why = found.objections.get(task.id);
    if (why !== undefined && !board.revise(task, task.output, why))
      board.notes.push(`${task.id}: the reviewer still objects: ${why}`);
  }
  await extend(run, found.missing);
  return board.hasReady;
}

/**
 * A review that fails holds nothing up: it is noted.
 * @returns undefined where there is none
 */
async function ask(
  run: PlanRun,
  outputs: ReadonlyMap<string, Json>,
): Promise<{ objections: Objections; missing: PlannedTask[] } | undefined> {
  const { reviewer, limits, board } = run;
  let rejected: RejectedTasks | undefined;
  let objections: Objections = new Map();
  for (let tries = 1; tries <= 1 + limits.repairs; tries++) {
    const request = { ...requestOf(run, outputs), ...(rejected ? { rejected } : {}) };
    const review = await contain(() => reviewer(request));
    if (!review.ok) {
      const { code, message } = review.failure;
      board.notes.push(`the review of ${[...outputs.keys()].join(', ')} failed: ${code}: ${message}`);
      return rejected ? { objections, missing: [] } : undefined;
    }
    objections = objectionsOf(review.value, outputs);
    const read = readTasks(review.value.missing ?? []);
    const problems = 'problems' in read ? read.problems : problemsNow(run, read.tasks);
    if ('tasks' in read && problems.length === 0) return { objections, missing: read.tasks };
    rejected = { tasks: 'tasks' in read ? (read.tasks as Json[]) : [], problems };
  }
  board.notes.push(`tasks that the reviewer adds are left out: ${rejected?.problems.join('; ')}`);
  return { objections, missing: [] };
}

function objectionsOf({ problems }: Review, outputs: ReadonlyMap<string, Json>): Objections {
  const objections = new Map<string, string>();
  for (const { id, why } of problems ?? []) {
    if (outputs.has(id)) objections.set(id, [objections.get(id), why].filter(Boolean).join('\n'));
  }
  return objections;
}

async function extend(run: PlanRun, missing: PlannedTask[]): Promise<void> {
  if (missing.length === 0) return;
  const { board } = run;
  const outcome = await contain(() => agreed(run, missing, 'Addition'));
  // Another review may have added tasks while people thought about these.
  const problems = outcome.ok ? problemsNow(run, outcome.value) : [outcome.failure.message];
  if (outcome.ok && problems.length === 0) board.add(outcome.value);
  else board.notes.push(`tasks that the reviewer adds are left out: ${problems.join('; ')}`);
}

function requestOf({ goal, team, board }: PlanRun, outputs: ReadonlyMap<string, Json>): ReviewRequest {
  return {
    goal,
    workers: [...team.values()].map(({ card }) => card),
    review: [...outputs.keys()],
    tasks: board.all.map(({ id, spec }) => {
      const output = outputs.get(id);
      return { ...spec, ...(output === undefined ? {} : { output }) };
    }),
    atMost: Math.max(0, board.room),
  };
}
