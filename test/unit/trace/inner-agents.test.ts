import { renderTrace } from '../../../src/cli/render-trace.js';
import type { CallPolicy, NextStep } from '../../../src/agents/turn.js';
import { Trace, type Span } from '../../../src/trace/trace.js';
import { traceOf } from '../../../src/trace/trace-of.js';
import { transcriptsOf } from '../../../src/trace/transcripts-of.js';
import { HistoryScript } from './history-script.js';

function traced({ events }: HistoryScript): Trace {
  return Trace.parse(traceOf(events));
}

/** Kind, name and status of a span and all below it. */
function shape({ kind, name, status, children }: Span): unknown[] {
  return [`${kind} ${name} ${status}`, ...(children.length > 0 ? [children.map(shape)] : [])];
}

const final = { kind: 'final' } as const;
const none = { timeout: 1, attempts: 1 };
const over = (to: string, more: object = {}): NextStep => ({
  kind: 'handoff',
  to,
  call: 0,
  keep: 'all',
  calls: [{ ...none, told: `The conversation goes on with ${to}.` }],
  ...more,
});
const said = (to: string, message?: string) => ({
  message: {
    role: 'assistant',
    calls: [
      { tool: `transfer_to_${to}`, arguments: message === undefined ? '' : JSON.stringify({ message }) },
    ],
  },
});
const policy = (name: string, more: Partial<CallPolicy> = {}): CallPolicy => ({
  ...none,
  agent: { name },
  ...more,
});
const calling = (...policies: CallPolicy[]): NextStep => ({ kind: 'tools', calls: policies });
const calls = (...names: string[]) => ({
  message: { role: 'assistant', calls: names.map((tool) => ({ tool, arguments: '{"input":"x"}' })) },
});

describe('the trace of hand-offs', () => {
  it('is one call, with each agent after the first below it', () => {
    const history = new HistoryScript().task();
    history.answer(history.turn(), over('expert'), said('expert', 'too hard')).task();
    expect(shape(traced(history))).toEqual([
      'run refund running',
      [['agent clerk running', [['turn turn 1 completed']]]],
    ]);
    const turn = history.turn({ agent: 'expert', span: 'clerk.1/expert.1' });
    expect(traced(history).children.map(shape)).toEqual([
      [
        'agent clerk running',
        [['turn turn 1 completed'], ['agent expert running', [['turn turn 1 running']]]],
      ],
    ]);
    history.answer(turn, final).task().end('completed', 'done');
    const trace = traced(history);
    expect(trace.children[0]).toMatchObject({ name: 'clerk', status: 'completed', end: 600, output: 'done' });
    expect(trace.totals).toMatchObject({ turns: 2, toolCalls: 0 });
    const text = renderTrace(trace, { now: 0 });
    expect(text).toMatch(/turn 1 {2}small hands over to expert: too hard/);
    expect(text).toMatch(/expert \(from clerk\) {2}small → done/);
  });

  it('says that the limit of hand-offs ended the call, once the run has gone on', () => {
    const history = new HistoryScript().task();
    history.answer(history.turn(), over('expert', { limit: 0 }), said('expert'));
    expect(traced(history).children[0]?.status).toBe('running');
    history.task();
    expect(traced(history).children[0]).toMatchObject({
      status: 'failed',
      end: 300,
      error: { code: 'LimitReached', message: 'no further hand-off is allowed: limits.handoffs is 0' },
    });
  });

  it('waits for the summary, and fails with it', () => {
    const history = new HistoryScript().task();
    const step = over('expert', { keep: 'summary', summariser: 'baton_summariser' });
    history.answer(history.turn(), step, said('expert')).task();
    const summary = history.turn({
      agent: 'baton_summariser',
      transcript: 2,
      span: 'clerk.1/baton_summariser.1',
    });
    expect(traced(history).children.map(shape)).toEqual([
      [
        'agent clerk running',
        [['turn turn 1 completed'], ['agent baton_summariser running', [['turn turn 1 running']]]],
      ],
    ]);
    const failure = { code: 'Refused', message: 'no' };
    history.add({ kind: 'closed', opened: summary, status: 'failed', failure });
    history.task();
    expect(traced(history).children[0]).toMatchObject({ status: 'failed', error: { code: 'Refused' } });
  });

  it('puts a transcript together that goes on from another one', () => {
    const history = new HistoryScript();
    const user = { role: 'user', content: 'hello' } as const;
    history.answer(history.turn({ appended: [{ message: user }] }), over('expert'), {
      ...said('expert'),
      head: 'h1',
    });
    const base = { length: 1, head: 'h1' };
    const more = { role: 'user', content: 'sum up' } as const;
    history.answer(history.turn({ transcript: 2, base, appended: ['d', { message: more }] }), final);
    expect(
      transcriptsOf(history.events)
        .get(2)
        ?.map(({ role }) => role),
    ).toEqual(['user', 'assistant', 'user', 'assistant']);
  });
});

describe('the trace of agents as tools', () => {
  it('hangs each agent below its call, by the order of the calls, whichever ran first', () => {
    const history = new HistoryScript().task();
    const both = calling(policy('helper', { approval: {} }), policy('helper'));
    history.answer(history.turn(), both, calls('helper', 'helper')).task();
    const second = history.turn({ agent: 'helper', transcript: 2, span: 'clerk.1/helper.2' });
    history.answer(second, final).task();
    expect(traced(history).children.map(shape)).toEqual([
      [
        'agent clerk waiting',
        [
          [
            'turn turn 1 completed',
            [
              ['tool helper waiting'],
              ['tool helper completed', [['agent helper completed', [['turn turn 1 completed']]]]],
            ],
          ],
        ],
      ],
    ]);
  });

  it('ends the call as the model was told', () => {
    const history = new HistoryScript().task();
    history.answer(history.turn(), calling(policy('helper'), policy('deep')), calls('helper', 'deep')).task();
    history.answer(history.turn({ agent: 'helper', transcript: 2, span: 'clerk.1/helper.1' }), final).task();
    const told = (call: number, content: string) => ({
      message: { role: 'tool' as const, call, tool: 'helper', content, isError: true as const },
    });
    history.turn({
      turn: 2,
      base: { length: 0, head: '' },
      appended: ['d', told(0, 'TimedOut: too late'), told(1, 'LimitReached: too deep')],
    });
    const [turn] = traced(history).children[0]?.children ?? [];
    expect(turn?.children.map(({ status, error }) => [status, error?.message])).toEqual([
      ['failed', 'TimedOut: too late'],
      ['failed', 'LimitReached: too deep'],
    ]);
  });

  it('hangs a child run below its call too, and goes on while that does', () => {
    const history = new HistoryScript().task();
    history.answer(history.turn(), calling(policy('helper')), calls('helper')).task();
    const child = history.add({
      kind: 'opened',
      operation: 'child',
      name: 'agent',
      input: [],
      workflowId: 'ticket-42/clerk.1/helper.1',
      span: 'clerk.1/helper.1',
    });
    history.task();
    expect(shape(traced(history))).toEqual([
      'run refund running',
      [
        [
          'agent clerk running',
          [['turn turn 1 completed', [['tool helper running', [['child helper.1 running']]]]]],
        ],
      ],
    ]);
    history.add({ kind: 'closed', opened: child, status: 'completed', output: 'found' });
    const [agent] = traced(history).children;
    expect(agent?.status).toBe('running');
    expect(agent?.children[0]?.children[0]).toMatchObject({ status: 'completed', output: 'found' });
  });

  it('shows a rejected input as the failure of the agent', () => {
    const history = new HistoryScript().task();
    history.answer(history.turn(), { kind: 'inputRejected', reason: 'empty' });
    const trace = traced(history);
    expect(trace.children[0]).toMatchObject({
      status: 'failed',
      error: { code: 'InputRejected', message: 'empty' },
    });
    expect(renderTrace(trace, { now: 0 })).toContain('rejects its input: empty');
  });
});
