import type { Case } from './cases.js';
import type { Ended } from './drive.js';
import type { Row } from './effects-table.js';
import type { ChaosModel } from './model-server.js';
import type { Line, Violation } from './verdict.js';

export interface Tables {
  effects: Row[];
  executions: Row[];
}

/** A call that an agent was to make, and what its model was told of it: nothing where the run did not come so far. */
interface MadeCall {
  of: Case;
  tool: string;
  step: string;
  told: string | undefined;
}

const HONOURS_KEY = ['record', 'grant', 'book', 'unbook'];

/** What the tools did, by the table's own count, and whether what runs say of it is true. */
export function checkEffects(
  ended: readonly Ended[],
  { effects, executions }: Tables,
  model: ChaosModel,
): Line[] {
  const had = countOf(effects);
  const made = countOf(executions);
  const keys = new Map<string, Set<string>>();
  for (const row of executions) keys.set(nameOf(row), (keys.get(nameOf(row)) ?? new Set()).add(row.key));

  const doubled: Violation[] = [];
  const repeated: Violation[] = [];
  for (const [name, count] of made) {
    const [tool = '', step = ''] = name.split(' ');
    const run = step.split('/')[0] ?? '';
    if (!HONOURS_KEY.includes(tool)) {
      if (count > 1) repeated.push({ run, what: `${name} was executed ${count} times` });
    } else if ((had.get(name) ?? 0) > 1 || (keys.get(name)?.size ?? 0) > 1)
      doubled.push({ run, what: `${name} has ${had.get(name)} effects, under ${keys.get(name)?.size} keys` });
  }
  const again = executions.filter(({ tool }) => HONOURS_KEY.includes(tool)).length - effects.length;
  const posts = executions.filter(({ tool }) => tool === 'post').length;
  const claims = checkClaims(callsOf(ended, model), had, made);
  return [
    {
      name: 'effects by key',
      found: `${effects.length} in the table, each once; ${again} executions more were without effect`,
      violations: doubled,
    },
    { name: 'plain writes', found: `${posts} executions, none twice`, violations: repeated },
    claims,
    checkUndone(ended, effects),
  ];
}

function checkClaims(calls: readonly MadeCall[], had: Map<string, number>, made: Map<string, number>): Line {
  const violations: Violation[] = [];
  const counts = { done: 0, unknown: 0, unknownButDone: 0, not: 0 };
  for (const { of, tool, step, told } of calls) {
    if (told === undefined) continue;
    const name = `${tool} ${step}`;
    const count = (HONOURS_KEY.includes(tool) ? had : made).get(name) ?? 0;
    if (told === JSON.stringify({ done: step })) {
      counts.done++;
      if (count !== 1)
        violations.push({ run: of.id, what: `${name} is said to be done, and is there ${count} times` });
    } else if (told.startsWith('Error: Outcome unknown')) {
      counts.unknown++;
      if (count > 0) counts.unknownButDone++;
    } else if (told.startsWith('Error: ')) {
      counts.not++;
      if (count > 0)
        violations.push({ run: of.id, what: `${name} is said not to be done, and is there: ${told}` });
    } else violations.push({ run: of.id, what: `${name} gave ${told}` });
  }
  const { done, unknown, unknownButDone, not } = counts;
  return {
    name: 'what runs say',
    found: `${done} done and there; ${unknown} unknown, of which ${unknownButDone} there; ${not} not done and not there`,
    violations,
  };
}

/** A saga that failed has undone each booking once, and one that went well has undone nothing. */
function checkUndone(ended: readonly Ended[], effects: readonly Row[]): Line {
  const violations: Violation[] = [];
  let undone = 0;
  for (const { of, failure } of ended) {
    if (of.workflow !== 'trip') continue;
    const rows = effects.filter(({ run }) => run === of.id);
    const stepsOf = (tool: string) => rows.filter((row) => row.tool === tool).map(({ step }) => step);
    const unbooked = stepsOf('unbook');
    undone += unbooked.length;
    if (failure?.code === 'CompensationFailed') violations.push({ run: of.id, what: failure.message });
    if (!failure && unbooked.length > 0)
      violations.push({ run: of.id, what: 'it went well, and was undone' });
    for (const step of failure ? stepsOf('book') : [])
      if (unbooked.filter((other) => other === step).length !== 1)
        violations.push({ run: of.id, what: `${step} is booked and not undone once` });
  }
  return { name: 'undone', found: `${undone} bookings of sagas that failed`, violations };
}

function* callsIn(of: Case) {
  for (const errand of new Set([...of.ran, ...of.told, ...of.driven]))
    for (const [turn, calls] of errand.turns.entries())
      for (const [call, { tool, args }] of calls.entries())
        if (args.step !== undefined)
          yield { errand: errand.errand, turn: turn + 1, call: call + 1, tool, step: String(args.step) };
}

function callsOf(ended: readonly Ended[], model: ChaosModel): MadeCall[] {
  return ended.flatMap(({ of }) =>
    [...callsIn(of)].map(({ errand, turn, call, tool, step }) => ({
      of,
      tool,
      step,
      told: model.shown(errand, turn, call),
    })),
  );
}

const nameOf = ({ tool, step }: Row) => `${tool} ${step}`;

function countOf(rows: readonly Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return counts;
}
