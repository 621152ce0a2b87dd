import fc from 'fast-check';
import type { PlannedTask } from '../../../src/agents/plan.js';
import { PLAN_LIMITS } from '../../../src/agents/plan-limits.js';
import { Board } from '../../../src/workflows/patterns/plan/board.js';
import { problemsOf, type Rules } from '../../../src/workflows/patterns/plan/dag.js';
import { readTasks } from '../../../src/workflows/patterns/plan/read-tasks.js';

const RULES: Rules = {
  workers: new Map([['writer', { takesInput: false }]]),
  known: new Set(['given']),
  room: 8,
};
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

const task = (id: string, needs: string[]): PlannedTask => ({ id, worker: 'writer', task: 'Do it.', needs });

/** Any tasks: needs may lead in circles, to themselves and nowhere, and ids may be there twice. */
const plans = fc.array(
  fc
    .record({ id: fc.constantFrom(...IDS, 'given'), needs: fc.subarray([...IDS, 'given', 'nowhere']) })
    .map(({ id, needs }) => task(id, needs)),
  { minLength: 1, maxLength: 6 },
);

/** Tasks that need only those before them, in another order. */
const orderly = fc
  .array(fc.subarray([...IDS, 'given']), { minLength: 1, maxLength: IDS.length })
  .chain((needs) => {
    const tasks = needs.map((wanted, i) =>
      task(
        IDS[i] ?? '',
        wanted.filter((id) => id === 'given' || IDS.indexOf(id) < i),
      ),
    );
    return fc.shuffledSubarray(tasks, { minLength: tasks.length });
  });

/** Whether the tasks can be done one after another, by trying. */
function canBeDone(tasks: readonly PlannedTask[]): boolean {
  const ids = tasks.map(({ id }) => id);
  if (new Set([...ids, ...RULES.known]).size < ids.length + RULES.known.size) return false;
  const done = new Set(RULES.known);
  for (let left = [...tasks]; left.length > 0;) {
    const ready = left.filter(({ needs }) => needs.every((id) => done.has(id)));
    if (ready.length === 0) return false;
    for (const { id } of ready) done.add(id);
    left = left.filter((one) => !ready.includes(one));
  }
  return true;
}

/** Ids in the order in which a board does them. */
function orderOf(tasks: readonly PlannedTask[]): string[] {
  const board = new Board({ ...PLAN_LIMITS, runs: 20 }, new Map([['given', 1]]));
  board.add(tasks);
  const order: string[] = [];
  for (let next = board.start(); next; next = board.start()) {
    order.push(next.id);
    board.finish(next, next.id);
  }
  return order;
}

describe('a plan', () => {
  test('is good just where its tasks can be done one after another', () => {
    fc.assert(
      fc.property(fc.oneof(plans, orderly), (tasks) => {
        expect(problemsOf(tasks, RULES).length === 0).toBe(canBeDone(tasks));
      }),
      { numRuns: 1000 },
    );
  });

  test('that is good is done by a board, each task once and after what it needs', () => {
    fc.assert(
      fc.property(orderly, (tasks) => {
        expect(problemsOf(tasks, RULES)).toEqual([]);
        const order = orderOf(tasks);
        expect([...order].sort()).toEqual(tasks.map(({ id }) => id).sort());
        for (const { id, needs } of tasks)
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(id));
      }),
    );
  });

  test('in a circle is named by a circle that is there', () => {
    fc.assert(
      fc.property(plans, (tasks) => {
        const unique = tasks.filter(({ id }, i) => tasks.findIndex((other) => other.id === id) === i);
        for (const problem of problemsOf(unique, RULES)) {
          const [, path] = /^the tasks (.*) need each other in a circle$/.exec(problem) ?? [];
          const circle = path?.split(' → ') ?? [];
          for (const [i, id] of circle.slice(0, -1).entries())
            expect(unique.find((one) => one.id === id)?.needs).toContain(circle[i + 1]);
          expect(circle.at(-1)).toBe(circle[0]);
        }
      }),
    );
  });

  test('is read from whatever comes, or refused with reasons', () => {
    const entry = fc.oneof(
      fc.anything(),
      fc.record({ id: fc.anything(), worker: fc.string(), task: fc.string(), needs: fc.anything() }),
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.record({ tasks: fc.array(entry, { maxLength: 3 }) })),
        (value) => {
          const read = readTasks(value);
          if ('problems' in read) expect(read.problems.length).toBeGreaterThan(0);
          else
            for (const { id, needs } of read.tasks)
              expect([typeof id, needs.every((need) => typeof need === 'string')]).toEqual(['string', true]);
        },
      ),
    );
  });
});
