import type { PlannedTask } from '../../../src/agents/plan.js';
import { Board } from '../../../src/workflows/patterns/plan/board.js';
import { problemsOf, type Rules } from '../../../src/workflows/patterns/plan/dag.js';
import { readTasks } from '../../../src/workflows/patterns/plan/read-tasks.js';
import { random } from '../activities/random.js';

const RULES: Rules = {
  workers: new Map([
    ['writer', { takesInput: false }],
    ['lookup', { takesInput: true }],
  ]),
  known: new Set(['offers']),
  room: 4,
};

function task(id: string, needs: string[] = [], more: Partial<PlannedTask> = {}): PlannedTask {
  return { id, worker: 'writer', task: `do ${id}`, needs, ...more };
}

describe('problemsOf', () => {
  it('finds nothing wrong with a diamond that builds on what is there', () => {
    const tasks = [task('d', ['b', 'c']), task('b', ['a']), task('c', ['a']), task('a', ['offers'])];
    expect(problemsOf(tasks, RULES)).toEqual([]);
  });

  it.each<[string, PlannedTask[], string[]]>([
    ['two of one id', [task('a'), task('a')], ['task "a": two tasks have this id']],
    [
      'an id that is taken',
      [task('offers')],
      ['task "offers": this id is taken by what is there already; choose another one'],
    ],
    ['an id that is none', [task('a/b.1')], ['task "a/b.1": an id is 1 to 40 letters, digits, _ or -']],
    [
      'an unknown worker',
      [task('a', [], { worker: 'poet' })],
      ['task "a": there is no worker "poet"; there are: writer, lookup'],
    ],
    [
      'a worker who wants an input',
      [task('a', [], { worker: 'lookup' })],
      ['task "a": the worker "lookup" wants an "input" of its schema'],
    ],
    ['nothing to do', [task('a', [], { task: ' ' })], ['task "a": it does not say what to do']],
    ['a need that nothing meets', [task('a', ['x', 'x'])], ['task "a": it needs "x", which is no task']],
    ['one that needs itself', [task('a', ['a'])], ['task "a": it needs itself']],
    [
      'a circle',
      [task('start'), task('a', ['c', 'start']), task('b', ['a']), task('c', ['b'])],
      ['the tasks a → c → b → a need each other in a circle'],
    ],
    [
      'too many',
      ['a', 'b', 'c', 'd', 'e'].map((id) => task(id)),
      ['there are 5 tasks, and at most 4 are allowed'],
    ],
  ])('names %s', (_, tasks, problems) => {
    expect(problemsOf(tasks, RULES)).toEqual(problems);
  });

  it('names all that is wrong at once', () => {
    const tasks = [task('a', ['b'], { worker: 'poet' }), task('b', ['a', 'x'])];
    expect(problemsOf(tasks, RULES)).toHaveLength(3);
  });

  it('says of random graphs that they are good just where a board does all of their tasks', () => {
    const next = random(7);
    const below = (n: number) => Math.floor(next() * n);
    let good = 0;
    for (let round = 0; round < 500; round++) {
      const size = 1 + below(7);
      const ids = Array.from({ length: size }, (_, i) => `t${i}`);
      const tasks = ids.map((id) =>
        task(
          id,
          ids.filter(() => next() < 0.2),
        ),
      );
      const isGood = problemsOf(tasks, { ...RULES, room: 10 }).length === 0;
      if (isGood) good++;
      const board = boardOf(tasks);
      const order: string[] = [];
      for (let next = board.start(); next; next = board.start()) {
        for (const need of next.spec.needs) expect(order).toContain(need);
        order.push(next.id);
        board.finish(next, next.id);
      }
      expect(order.length === size).toBe(isGood);
      expect(board.isStalled).toBe(!isGood);
    }
    expect(good).toBeGreaterThan(50);
    expect(good).toBeLessThan(450);
  });
});

describe('readTasks', () => {
  it('reads a plan, or the list alone, without what is left out', () => {
    const tasks = [{ id: 'a', worker: 'w', task: 't', input: null, needs: ['b', 'b'] }];
    const read = { tasks: [{ id: 'a', worker: 'w', task: 't', needs: ['b'] }] };
    expect(readTasks({ tasks })).toEqual(read);
    expect(readTasks(tasks)).toEqual(read);
  });

  it.each<[unknown, RegExp]>([
    ['go on', /a plan is an object/],
    [{ tasks: 'a' }, /a plan is an object/],
    [['a'], /task 1 is no object/],
    [[{ worker: 'w', task: 't' }], /task 1 has no "id"/],
    [[{ id: 'a', task: 't' }], /task 1, "a", has no "worker"/],
    [[{ id: 'a', worker: 'w' }], /has no "task"/],
    [[{ id: 'a', worker: 'w', task: 't', needs: [1] }], /"needs" which are no list/],
  ])('says what is wrong with %j', (value, problem) => {
    const read = readTasks(value);
    expect('problems' in read && read.problems[0]).toMatch(problem);
  });
});

function boardOf(tasks: PlannedTask[], limits: Partial<ConstructorParameters<typeof Board>[0]> = {}): Board {
  const board = new Board({ tasks: 20, runs: 60, revisions: 1, retries: 1, ...limits });
  board.add(tasks);
  return board;
}

/** Starts the next task, which is the one expected, and finishes it. */
function does(board: Board, id: string, output = `${id} done`): void {
  const next = board.start();
  expect(next?.id).toBe(id);
  if (next) board.finish(next, output);
}

describe('Board', () => {
  const failed = { code: 'Refused', message: 'no', details: undefined };
  const unusable = { code: 'InputRejected', message: 'it is empty', details: undefined };

  it('starts a task the moment that what it needs is there', () => {
    const board = boardOf([task('a'), task('b'), task('c', ['b'])]);
    const a = board.start();
    does(board, 'b');
    expect(board.start()?.id).toBe('c');
    expect(a?.state).toBe('running');
    expect(board.progress).toBe('1 of 3 tasks done; at work: a, c');
  });

  it('does again what was built on an output that is revised, and nothing else', () => {
    const board = boardOf([task('a'), task('b', ['a']), task('c', ['b']), task('other')]);
    for (const id of ['a', 'b', 'c', 'other']) does(board, id);
    const [a] = board.all;
    if (!a) throw new Error('no task');
    expect(board.revise(a, a.output, 'be brief')).toBe(true);
    const again = board.start();
    expect(again?.revision).toEqual({ output: 'a done', reasons: ['be brief'] });
    expect(board.hasReady).toBe(false);
    if (again) board.finish(again, 'brief');
    does(board, 'b');
    does(board, 'c');
    expect(board.isIdle).toBe(true);
    expect(board.all.map(({ runs }) => runs)).toEqual([2, 2, 2, 1]);
  });

  it('keeps a good output where doing it again fails', () => {
    const board = boardOf([task('a'), task('b', ['a'])]);
    does(board, 'a');
    does(board, 'b');
    const [a] = board.all;
    if (a) board.revise(a, a.output, 'be brief');
    const again = board.start();
    if (again) board.fail(again, failed);
    expect(board.isIdle).toBe(true);
    expect(board.isStalled).toBe(false);
    expect(a?.output).toBe('a done');
    expect(board.notes).toEqual(['a: done again without success (Refused: no); what it gave before holds']);
  });

  it('sends a rejected output back to the task that the reason names, so often at most', () => {
    const board = boardOf([task('a'), task('b'), task('c', ['a', 'b'])]);
    does(board, 'a');
    does(board, 'b');
    const c = board.start();
    if (!c) throw new Error('c is ready');
    expect(board.sendBack(c, unusable, 'the output of b is empty')).toBe(true);
    expect(board.start()?.revision?.reasons).toEqual([
      'the task "c" cannot use it: the output of b is empty',
    ]);
    const b = board.all[1];
    if (b) board.finish(b, 'better');
    expect(board.start()).toBe(c);
    expect(board.sendBack(c, unusable, 'b again')).toBe(false);
    expect(board.sendBack(c, unusable, 'all of it')).toBe(true);
    does(board, 'a');
    expect(board.start()).toBe(c);
    expect(board.sendBack(c, unusable, 'still')).toBe(false);
    board.fail(c, unusable);
    expect(board.isStalled).toBe(true);
  });

  it('fails who waits for something better where doing it again fails', () => {
    const board = boardOf([task('a'), task('b', ['a'])]);
    does(board, 'a');
    const b = board.start();
    if (b) board.sendBack(b, unusable, 'it is empty');
    const a = board.start();
    if (a) board.fail(a, failed);
    expect(b?.state).toBe('failed');
    expect(b?.failure).toBe(unusable);
    expect(board.isStalled).toBe(true);
  });

  it('runs no more than its limit, and what is done then stays', () => {
    const board = boardOf([task('a'), task('b', ['a']), task('c')], { runs: 2 });
    does(board, 'a');
    does(board, 'b');
    const [a] = board.all;
    if (a) board.revise(a, a.output, 'be brief');
    expect(board.start()).toBeUndefined();
    expect(board.all.map(({ state }) => state)).toEqual(['done', 'done', 'failed']);
    expect(board.isStalled).toBe(true);
  });

  it('gives up for a new plan what is not done', () => {
    const board = boardOf([task('a'), task('b', ['x']), task('x')]);
    does(board, 'a');
    const x = board.start();
    if (x) board.fail(x, failed);
    expect(board.isStalled).toBe(true);
    expect(board.drop().map(({ id }) => id)).toEqual(['b', 'x']);
    expect([...board.known]).toEqual(['a']);
    board.add([task('b', ['a'])]);
    does(board, 'b');
    expect(board.isStalled).toBe(false);
  });
});
