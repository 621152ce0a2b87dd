import { Trace } from '../../../src/trace/trace.js';
import { traceOf } from '../../../src/trace/trace-of.js';
import { HistoryScript } from './history-script.js';

function traced({ events }: HistoryScript): Trace {
  return Trace.parse(traceOf(events));
}

const final = { kind: 'final' } as const;
const lost = { code: 'TimedOut', message: 'the worker was lost', timeout: true } as const;

describe('traceOf', () => {
  it('gives a trace of nothing', () => {
    expect(traceOf([])).toMatchObject({ kind: 'run', name: '', status: 'running', children: [] });
  });

  it('marks a turn that may have been paid for without an answer', () => {
    const history = new HistoryScript().task();
    const turn = history.turn({ grant: { usd: 0.05 } });
    history.attempt(turn, 2, lost).answer(turn, final).task().end();
    expect(traced(history).totals).toMatchObject({
      cost: 0.001,
      retries: 1,
      unconfirmed: { calls: 1, usd: 0.05 },
    });
  });

  it.each([
    ['a broken answer', { code: 'ProviderDown', message: 'cut' }],
    ['a dead worker', lost],
  ])('counts a call that was lost to %s before the budget was spent, once', (_, failure) => {
    const history = new HistoryScript().task();
    const turn = history.turn({ grant: { usd: 0.05 } });
    const quote = { kind: 'quote', quote: { usd: 0.06 }, head: 'h', lost: true };
    history.attempt(turn, 2, failure).close(turn, quote).task().end();
    expect(traced(history).totals.unconfirmed).toEqual({ calls: 1, usd: 0.05 });
  });

  it('counts answers without a price, and says that the offline model answered', () => {
    const history = new HistoryScript().task();
    const turn = history.turn();
    history.answer(turn, final, { offline: true });
    const other = history.turn({ span: 'clerk.2', transcript: 2 });
    history
      .close(other, { ...answerWithoutPrice, step: final })
      .task()
      .end();
    expect(traced(history).totals).toMatchObject({ offline: true, unpriced: 1, cost: 0.001, turns: 2 });
  });

  it('nests branches in branches', () => {
    const history = new HistoryScript().task();
    const turn = history.turn({ span: 'a/b/clerk.1' });
    const other = history.turn({ span: 'a/clerk.1', transcript: 2 });
    history.answer(turn, final).task();
    expect(traced(history).children).toEqual([
      expect.objectContaining({
        kind: 'branch',
        path: 'a',
        status: 'running',
        children: [
          expect.objectContaining({ kind: 'branch', path: 'a/b', name: 'b', status: 'completed', end: 400 }),
          expect.objectContaining({ kind: 'agent', path: 'a/clerk.1', status: 'running' }),
        ],
      }),
    ]);
    expect(other).toBeGreaterThan(turn);
  });

  it('shows calls of a turn that wait for their place', () => {
    const history = new HistoryScript().task();
    const turn = history.turn();
    const policy = { timeout: 1000, attempts: 1 };
    const calls = [
      { tool: 'lookup', arguments: '{"word":"a"}' },
      { tool: 'lookup', arguments: '' },
    ];
    const message = { role: 'assistant', calls };
    history.answer(turn, { kind: 'tools', calls: [policy, policy], concurrency: 1 }, { message }).task();
    history.open('lookup', [
      { word: 'a' },
      { transcript: 1, message: 0, call: 0, origin: 'o', span: 'clerk.1' },
    ]);
    const [agent] = traced(history).children;
    expect(agent?.status).toBe('running');
    expect(agent?.children[0]?.children.map(({ status }) => status)).toEqual(['running', 'waiting']);
  });

  it.each([
    ['a write', { write: true as const }, 'OutcomeUnknown'],
    ['a read', {}, 'TimedOut'],
  ])('says of %s whose worker was lost what the model is told', (_what, kind, code) => {
    const history = new HistoryScript().task();
    const turn = history.turn();
    const message = { role: 'assistant', calls: [{ id: 'c', tool: 'pay', arguments: '{}' }] };
    history.answer(turn, { kind: 'tools', calls: [{ timeout: 1000, attempts: 1, ...kind }] }, { message });
    const call = history.task().open('pay', [{}, { transcript: 1, message: 0, call: 0 }]);
    history.add({ kind: 'closed', opened: call, status: 'timedOut', failure: lost });
    expect(traceOf(history.events).children[0]?.children[0]?.children).toMatchObject([
      { kind: 'tool', status: 'timedOut', error: { code, message: 'the worker was lost' } },
    ]);
  });

  it('lets an agent whose next turn never came end when the workflow code went on', () => {
    const history = new HistoryScript().task();
    const turn = history.turn();
    history.add({
      kind: 'closed',
      opened: turn,
      status: 'failed',
      failure: { code: 'Refused', message: 'no' },
    });
    expect(traced(history).children[0]).toMatchObject({ status: 'running' });
    history.task();
    expect(traced(history).children[0]).toMatchObject({
      status: 'failed',
      error: { code: 'Refused' },
      end: 300,
    });
  });
});

const answerWithoutPrice = {
  kind: 'answer',
  version: 'v1',
  model: 'small',
  head: 'h',
  message: { role: 'assistant', text: 'done' },
  digest: 'd',
  usage: { input: 1, output: 1 },
};
