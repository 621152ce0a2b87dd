import type { Budget } from '../../src/agents/usage.js';
import { inputOf, type Errand, type PlannedCall } from './errand.js';
import type { Doom } from './faults.js';
import type { Treatment } from './model-server.js';
import { Random } from './random.js';
import type { PlanGoal } from './roles.js';

/** A run of the suite, and what must come of it. */
export interface Case {
  id: string;
  kind: Kind;
  workflow: string;
  input: unknown;
  budget?: Budget;
  /** What of its errands must be in its result. */
  ran: Errand[];
  /** Errands of which only the outputs come back. */
  told: Errand[];
  /** Events that it must have seen, in order; messages that a session must have answered. */
  driven: Errand[];
  /** What it is to fail with. */
  fails?: string;
  treatment: Treatment;
}

const KINDS = [
  'sequence',
  'parallel',
  'plan',
  'route',
  'cascade',
  'bestOf',
  'handoff',
  'session',
  'events',
  'children',
  'approval',
  'saga',
  'undone saga',
  'budget',
  'local',
] as const;
export type Kind = (typeof KINDS)[number];

const DOOM_OF: readonly Doom[] = ['key', 'model', 'refusal', 'filter'];
/** Every so many cases one is to fail, where its kind allows that. */
const DOOM_EVERY = 9;

/**
 * Cases of all kinds in turn.
 * @param turns of an errand at most, beside that of its answer
 */
export function makeCases(seed: number, { count, turns }: { count: number; turns: number }): Case[] {
  return Array.from({ length: count }, (_, number) => makeCase(seed, number, turns));
}

function makeCase(seed: number, number: number, turns: number): Case {
  const kind = KINDS[number % KINDS.length] as Kind;
  const random = new Random(seed, `case ${number}`);
  const maker = new ErrandMaker(`case-${String(number).padStart(4, '0')}`, random, turns);
  const made = { ran: [], told: [], driven: [], ...shapeOf(kind, maker, random) };
  const isDoomed = made.fails === undefined && kind !== 'session' && random.between(1, DOOM_EVERY) === 1;
  const doom = isDoomed ? { how: random.pick(DOOM_OF), from: random.between(0, 2) } : undefined;
  return {
    id: maker.id,
    kind,
    ...made,
    treatment: {
      ...(doom ? { doom } : {}),
      // A plan goes on without a task that failed.
      mayEnd: kind !== 'plan',
      isQuick: kind === 'local',
    },
  };
}

type Shape = Pick<Case, 'workflow' | 'input'> &
  Partial<Pick<Case, 'budget' | 'ran' | 'told' | 'driven' | 'fails'>>;

function shapeOf(kind: Kind, make: ErrandMaker, random: Random): Shape {
  switch (kind) {
    case 'sequence': {
      const ran = make.errands(3, WRITES);
      return { workflow: 'sequence', input: ran, ran };
    }
    case 'parallel': {
      const ran = make.errands(6, WRITES);
      return { workflow: 'atOnce', input: ran, ran };
    }
    case 'plan': {
      const told = make.errands(4, WRITES);
      const tasks = told.map((errand, i) => ({
        id: `task${i}`,
        worker: i % 2 === 0 ? 'clerk' : 'aide',
        task: inputOf(errand),
        // A diamond.
        needs: i === 0 ? [] : i < 3 ? ['task0'] : ['task1', 'task2'],
      }));
      const goal: PlanGoal = { case: make.id, tasks };
      return { workflow: 'planned', input: JSON.stringify(goal), told };
    }
    case 'route': {
      const label = random.pick(['left', 'right'] as const);
      const ask = { ...make.errand([]), answer: { label } };
      const [left, right] = make.errands(2, WRITES) as [Errand, Errand];
      return { workflow: 'routed', input: { ask, left, right }, ran: [label === 'left' ? left : right] };
    }
    case 'cascade':
    case 'bestOf': {
      const look = make.errand(['look']);
      const act = make.errand(WRITES);
      return {
        workflow: kind === 'cascade' ? 'climbed' : 'competed',
        input: [look, act],
        told: [look],
        ran: [act],
      };
    }
    case 'handoff': {
      const errand = make.errand(WRITES);
      const half = Math.ceil(errand.turns.length / 2);
      const over: PlannedCall[] = [{ tool: 'transfer_to_back', args: { message: 'go on' } }];
      const whole = {
        ...errand,
        turns: [...errand.turns.slice(0, half), over, ...errand.turns.slice(half)],
      };
      return { workflow: 'handedOver', input: whole, ran: [whole] };
    }
    case 'session':
      return { workflow: 'talk', input: { perRun: 3 }, driven: make.errands(7, WRITES) };
    case 'events': {
      const ran = make.errands(4, WRITES);
      return { workflow: 'woken', input: ran, ran, driven: ran };
    }
    case 'children': {
      const ran = make.errands(5, WRITES);
      return { workflow: 'children', input: ran, ran };
    }
    case 'approval': {
      const ran = [make.errand(WRITES), make.errand(['grant', 'look'])];
      return { workflow: 'approved', input: ran, ran };
    }
    case 'saga':
    case 'undone saga': {
      const ran = make.errands(3, ['book', 'book', 'post', 'look']);
      const undo = kind === 'undone saga';
      return { workflow: 'trip', input: { errands: ran, undo }, ran, ...(undo ? { fails: 'Undone' } : {}) };
    }
    case 'budget': {
      const ran = make.errands(5, WRITES);
      return { workflow: 'paid', input: ran, ran, budget: { usd: 1 } };
    }
    case 'local': {
      const ran = make.errands(5, ['glance', 'glance', 'look', 'record']);
      return { workflow: 'nearby', input: ran, ran };
    }
  }
}

const WRITES = ['record', 'record', 'post', 'look'];

class ErrandMaker {
  private count = 0;

  constructor(
    readonly id: string,
    private readonly random: Random,
    private readonly turns: number,
  ) {}

  errands(count: number, tools: readonly string[]): Errand[] {
    return Array.from({ length: count }, () => this.errand(tools));
  }

  errand(tools: readonly string[]): Errand {
    const errand = `${this.id}/${String.fromCharCode(97 + this.count++)}`;
    if (tools.length === 0) return { errand, turns: [] };
    const turns = Array.from({ length: this.random.between(1, this.turns) }, (_, turn) =>
      Array.from({ length: this.random.between(1, 2) }, (_, call) =>
        this.call(this.random.pick(tools), `${errand}/${turn}.${call}`),
      ),
    );
    return { errand, turns };
  }

  private call(tool: string, step: string): PlannedCall {
    if (tool === 'look' || tool === 'glance') return { tool, args: { at: step } };
    return { tool, args: { step, before: this.random.between(0, 150), after: this.random.between(0, 300) } };
  }
}
