import type { PlannedTask } from '../../../agents/plan.js';

/** What new tasks must fit to. */
export interface Rules {
  /** Names of the workers, and which of them take an input of their own. */
  workers: ReadonlyMap<string, { takesInput: boolean }>;
  /** Ids of what is there already: tasks may need them, and may not be called so. */
  known: ReadonlySet<string>;
  /** New tasks at most. */
  room: number;
}

/** Ids become parts of the ids of child workflows, and of paths in the trace. */
const ID = /^[A-Za-z0-9_-]{1,40}$/;

/**
 * What is wrong with new tasks, one reason each, for whoever made them: workers that are not there, ids that are taken, needs
 * that nothing meets, and cycles, by their path. Empty where the tasks are good.
 */
export function problemsOf(tasks: readonly PlannedTask[], rules: Rules): string[] {
  const { room } = rules;
  return [
    ...(tasks.length > room ? [`there are ${tasks.length} tasks, and at most ${room} are allowed`] : []),
    ...tasks.flatMap((task, place) => problemsOfTask(task, tasks.slice(0, place), tasks, rules)),
    ...cycles(tasks).map((path) => `the tasks ${path.join(' → ')} need each other in a circle`),
  ];
}

function problemsOfTask(
  { id, worker, task, input, needs }: PlannedTask,
  before: readonly PlannedTask[],
  tasks: readonly PlannedTask[],
  { workers, known }: Rules,
): string[] {
  const problems: string[] = [];
  const say = (problem: string) => problems.push(`task "${id}": ${problem}`);
  if (!ID.test(id)) say('an id is 1 to 40 letters, digits, _ or -');
  if (before.some((other) => other.id === id)) say('two tasks have this id');
  else if (known.has(id)) say('this id is taken by what is there already; choose another one');
  const found = workers.get(worker);
  if (!found) say(`there is no worker "${worker}"; there are: ${[...workers.keys()].join(', ')}`);
  else if (found.takesInput && input === undefined)
    say(`the worker "${worker}" wants an "input" of its schema`);
  if (task.trim() === '') say('it does not say what to do');
  for (const need of new Set(needs)) {
    if (need === id) say('it needs itself');
    else if (!known.has(need) && !tasks.some((other) => other.id === need))
      say(`it needs "${need}", which is no task`);
  }
  return problems;
}

/** The cycles among tasks that can be reached in order, each by its path; one that needs itself is none. */
function cycles(tasks: readonly PlannedTask[]): string[][] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const finished = new Set<string>();
  const found: string[][] = [];
  const visit = (id: string, path: readonly string[]): void => {
    if (finished.has(id)) return;
    const start = path.indexOf(id);
    if (start >= 0) {
      found.push([...path.slice(start), id]);
      return;
    }
    for (const need of byId.get(id)?.needs ?? []) if (need !== id) visit(need, [...path, id]);
    finished.add(id);
  };
  for (const { id } of tasks) visit(id, []);
  return found;
}
