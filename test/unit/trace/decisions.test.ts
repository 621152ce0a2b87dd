import type { SpanOf } from '../../../src/trace/trace.js';
import { traceOf } from '../../../src/trace/trace-of.js';
import { HistoryScript } from './history-script.js';

const DEADLINE = 'deadline of approval 1';

function approval({ events }: HistoryScript): SpanOf<'approval'> | undefined {
  return traceOf(events).children.find((span) => span.kind === 'approval');
}

function asked(request = {}): { history: HistoryScript; timer: number } {
  const history = new HistoryScript().task();
  const ask = history.ask(request);
  history.close(ask, { searchable: false }).task();
  return { history, timer: history.open('', [], 'timer', DEADLINE) };
}

describe('the decision on an approval', () => {
  it('is a signal that came before its deadline', () => {
    const { history, timer } = asked();
    history.signal({ by: 'anna' });
    expect(approval(history)?.decision).toMatchObject({ status: 'approved', by: 'anna', via: 'signal' });
    history.task().add({ kind: 'closed', opened: timer, status: 'cancelled' });
    expect(approval(history)).toMatchObject({ status: 'completed', decision: { via: 'signal' } });
  });

  it('is the signal where signal and deadline meet in one workflow task, whichever came first', () => {
    const { history, timer } = asked();
    history.add({ kind: 'closed', opened: timer, status: 'completed' });
    history.signal({ approved: false });
    history.task();
    expect(approval(history)?.decision).toMatchObject({ status: 'rejected', via: 'signal' });
  });

  it('is the deadline where the run still waited for it after the signal', () => {
    const { history, timer } = asked();
    history.signal({ by: 'anna' });
    history.task();
    history.add({ kind: 'closed', opened: timer, status: 'completed' });
    history.task();
    expect(approval(history)).toMatchObject({ status: 'timedOut', decision: { status: 'expired' } });
    expect(traceOf(history.events).children).toContainEqual(
      expect.objectContaining({
        kind: 'signal',
        error: expect.objectContaining({ code: 'ApprovalInvalid' }),
      }),
    );
  });

  it('is no approval without edits where the question needs them', () => {
    const { history } = asked({ edits: 'required' });
    history.signal({ by: 'anna' });
    history.task();
    expect(approval(history)?.decision).toBeUndefined();
    history.signal({ by: 'anna', edits: { usd: 1 } });
    expect(approval(history)?.decision).toMatchObject({ status: 'approved', edits: { usd: 1 } });
  });

  it('is what the question says for its deadline', () => {
    const { history, timer } = asked({ onTimeout: 'approve' });
    history.add({ kind: 'closed', opened: timer, status: 'completed' });
    expect(approval(history)?.status).toBe('waiting');
    history.task();
    expect(approval(history)).toMatchObject({
      status: 'completed',
      decision: { approved: true, via: 'deadline' },
    });
  });

  it('is an update, against a signal that only seemed to fit', () => {
    const { history } = asked();
    history.signal({ by: 'anna' });
    history.task();
    const update = history.add({ kind: 'opened', operation: 'update', name: 'baton_decide', input: [{}] });
    history.close(update, { status: 'rejected', approved: false, n: 1, by: 'ben', at: 900 });
    expect(approval(history)?.decision).toMatchObject({ by: 'ben', via: 'update' });
  });

  it('is none where a signal came before the question', () => {
    const history = new HistoryScript();
    history.signal({ by: 'anna' });
    history.task().ask();
    expect(approval(history)).toMatchObject({ status: 'waiting' });
  });

  it('is none where the question was withdrawn', () => {
    const { history, timer } = asked();
    history.task().add({ kind: 'closed', opened: timer, status: 'cancelled' });
    expect(approval(history)).toMatchObject({ status: 'cancelled' });
    history.signal({ by: 'late' });
    expect(approval(history)?.decision).toBeUndefined();
  });

  it('leaves the details of an answer as they were given', () => {
    const { history } = asked({ options: ['left'], approvers: ['anna'] });
    history.signal({ id: 'ticket-42/1', by: 'anna', choice: 'left', comment: 'fine', edits: { usd: 5 } });
    expect(approval(history)?.decision).toEqual({
      status: 'approved',
      approved: true,
      n: 1,
      at: 600,
      by: 'anna',
      choice: 'left',
      comment: 'fine',
      edits: { usd: 5 },
      via: 'signal',
    });
  });
});
