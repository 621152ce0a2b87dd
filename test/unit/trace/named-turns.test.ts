import { hangChildren, joinRuns } from '../../../src/trace/join-traces.js';
import { nameTurns, turnsNamed } from '../../../src/trace/named-turns.js';
import { traceOf } from '../../../src/trace/trace-of.js';
import type { SpanOf } from '../../../src/trace/trace.js';
import { HistoryScript } from './history-script.js';

const repair = { kind: 'repair', message: { role: 'user', content: 'again' }, digest: 'r' } as const;

/** A run of turns of the given numbers. */
function run(turns: readonly number[], input: object = {}) {
  const history = new HistoryScript();
  Object.assign(history.events[0] ?? {}, { input: [input] });
  for (const turn of turns) history.task().answer(history.turn({ turn }), repair);
  return traceOf(history.events);
}

/** What a run is given that goes on with the call of `clerk.1`. */
const moved = { moved: { span: 'clerk.1', spans: {}, messages: [] } };

describe('turnsNamed', () => {
  it('finds turns of all runs of a call under the numbers that are shown', () => {
    const trace = joinRuns([run([1, 2]), run([3, 4], moved), run([5], moved)]);
    expect(trace.children.map(({ children }) => children.map(({ name }) => name))).toEqual([
      ['turn 1', 'turn 2', 'turn 3', 'turn 4', 'turn 5'],
    ]);
    expect(turnsNamed(trace, 'clerk.1#2')).toEqual(['clerk.1#2']);
    expect(turnsNamed(trace, 'clerk.1#4')).toEqual(['2:clerk.1#4']);
    expect(turnsNamed(trace, 'clerk#5')).toEqual(['3:clerk.1#5']);
    expect(turnsNamed(trace, '3:clerk.1#5')).toEqual(['3:clerk.1#5']);
    expect(turnsNamed(trace, 'clerk.1#6')).toEqual([]);
    expect(nameTurns(trace)).toBe('clerk.1#1 to #5');
  });

  it('tells turns of one number apart, and those of several runs', () => {
    const trace = joinRuns([run([1, 1, 2]), run([1])]);
    expect(turnsNamed(trace, 'clerk.1#1~2')).toEqual(['clerk.1#1~2']);
    expect(turnsNamed(trace, 'clerk.1#1')).toEqual(['clerk.1#1']);
    expect(turnsNamed(trace, 'clerk#1')).toEqual(['clerk.1#1', '2:clerk.1#1']);
    expect(nameTurns(trace)).toBe('clerk.1#1 to #2, 2:clerk.1#1');
    expect(nameTurns(run([]))).toBe('none');
  });

  it('finds turns of child runs', () => {
    const trace = run([]);
    const child: SpanOf<'child'> = {
      kind: 'child',
      id: 'below.1',
      name: 'below.1',
      type: 'below',
      status: 'completed',
      start: 0,
      workflowId: 'w',
      runIds: ['r'],
      totals: trace.totals,
      children: [],
    };
    trace.children.push(child);
    hangChildren(trace, new Map([[child, run([1, 2])]]));
    expect(turnsNamed(trace, 'clerk.1#2')).toEqual(['below.1>clerk.1#2']);
  });
});
