import type { Json } from '../../../agents/json.js';
import type { PlannedTask } from '../../../agents/plan.js';

/** Tasks that come from outside and may be anything, or what is wrong with them. */
export type ReadTasks = { tasks: PlannedTask[] } | { problems: string[] };

/**
 * Reads `{ "tasks": [...] }`, or the list alone. Workflow code carries no schema library, so their shape is checked by hand.
 */
export function readTasks(value: unknown): ReadTasks {
  const list = isObject(value) ? value['tasks'] : value;
  if (!Array.isArray(list)) return { problems: ['a plan is an object such as { "tasks": [...] }'] };
  const read = list.map(readTask);
  const problems = read.flatMap((task) => (typeof task === 'string' ? [task] : []));
  return problems.length > 0
    ? { problems }
    : { tasks: read.flatMap((task) => (typeof task === 'string' ? [] : [task])) };
}

function readTask(value: unknown, place: number): PlannedTask | string {
  const name = `task ${place + 1}`;
  if (!isObject(value)) return `${name} is no object such as { "id", "worker", "task", "needs" }`;
  const { id, worker, task, input, needs } = value;
  if (typeof id !== 'string') return `${name} has no "id", which is a text`;
  if (typeof worker !== 'string') return `${name}, "${id}", has no "worker", which is a text`;
  if (typeof task !== 'string') return `${name}, "${id}", has no "task", which is a text`;
  const needed = needs ?? [];
  if (!Array.isArray(needed) || !needed.every((need) => typeof need === 'string'))
    return `${name}, "${id}", has "needs" which are no list of ids`;
  // Models like to give null for what they leave out.
  const given = input === undefined || input === null ? {} : { input: input as Json };
  return { id, worker, task, ...given, needs: [...new Set<string>(needed)] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
