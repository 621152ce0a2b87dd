import { Narrator } from '../../../src/cli/narrator.js';
import type { Span, SpanOf, Trace } from '../../../src/trace/trace.js';
import { noTotals } from '../../../src/trace/totals.js';

const same = (text: string) => text;
const PLAIN = { bold: same, dim: same, good: same, bad: same, attention: same };

function trace(children: Span[], end?: number): Trace {
  const base = { kind: 'run' as const, id: 'run', name: 'refund', workflowId: 'r1', runIds: ['1'] };
  const status = end === undefined ? ('running' as const) : ('completed' as const);
  return {
    ...base,
    status,
    start: 0,
    ...(end === undefined ? {} : { end }),
    totals: noTotals(),
    notes: [],
    children,
  };
}

function agent(fields: Partial<SpanOf<'agent'>>): SpanOf<'agent'> {
  const totals = noTotals();
  const base = { kind: 'agent' as const, id: 'clerk.1', path: 'clerk.1', name: 'clerk', transcript: 1 };
  return { ...base, status: 'running', start: 100, totals, children: [], ...fields };
}

const turn: SpanOf<'turn'> = {
  kind: 'turn',
  id: 'clerk.1/1',
  name: 'turn 1',
  status: 'completed',
  start: 100,
  end: 900,
  turn: 1,
  model: 'small',
  usage: { input: 300, output: 20 },
  cost: 0.0012,
  given: [],
  message: { role: 'assistant', calls: [{ tool: 'lookup', arguments: '{}' }] },
  children: [],
};

describe('Narrator', () => {
  it('tells what is new, once, in its order', () => {
    const narrator = new Narrator(PLAIN);
    expect(narrator.tell(trace([agent({})]))).toEqual(['  0.1 s  clerk           begins']);
    expect(narrator.tell(trace([agent({ children: [turn] })]))).toEqual([
      '  0.9 s  clerk           turn 1 · small · 320 tokens · $0.0012 · calls lookup',
    ]);
    const done = agent({ status: 'completed', end: 900, output: { usd: 5 }, children: [turn] });
    expect(narrator.tell(trace([done], 1000))).toEqual(['  0.9 s  clerk           done · {"usd":5}']);
  });

  it('labels the offline model, and shows no money for it', () => {
    const lines = new Narrator(PLAIN).tell(trace([agent({ children: [{ ...turn, offline: true }] })]));
    expect(lines[1]).toBe('  0.9 s  clerk           turn 1 · offline model · 320 tokens · calls lookup');
  });

  it('tells of a failure with its code', () => {
    const error = { code: 'Refused', message: 'no' };
    const lines = new Narrator(PLAIN).tell(trace([agent({ status: 'failed', end: 200, error })]));
    expect(lines[1]).toBe('  0.2 s  clerk           clerk failed: Refused: no');
  });

  it('keeps what may still change until the run has ended', () => {
    const narrator = new Narrator(PLAIN);
    const cancelled = agent({ status: 'cancelled', end: 200 });
    expect(narrator.tell(trace([cancelled]))).toHaveLength(1);
    expect(narrator.tell(trace([cancelled], 300))).toEqual(['  0.2 s  clerk           clerk cancelled']);
  });
});
