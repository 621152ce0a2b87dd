import { renderTrace } from '../../src/cli/render-trace.js';
import type { ChatRequest } from '../../src/testing/index.js';
import { operationsOf } from '../../src/trace/operation.js';
import { readCall } from '../../src/trace/recorded-call.js';
import { transcriptsOf } from '../../src/trace/transcripts-of.js';
import { historyOf, spans } from '../support/spans.js';
import { openStage, outcomeOf, type Case, type Stage } from '../support/stage.js';
import * as agents from './fixtures/handoff-agents.js';

const to = (agent: string, message?: string) => ({
  calls: [{ tool: `transfer_to_${agent}`, args: message === undefined ? {} : { message } }],
});

/** Who was asked: the first words of the system message. */
function askedOf({ arrivals }: Case): string[] {
  return arrivals.map(({ request }) => String(request.messages[0]?.content).split('.')[0] ?? '');
}

function functionsOf(request: ChatRequest | undefined): string[] {
  return (request?.tools ?? []).map((tool) => (tool as { function: { name: string } }).function.name);
}

/** Roles of a request's messages, and of calls and answers the functions. */
function shapeOf({ messages }: ChatRequest): string[] {
  const names = new Map<string, string>();
  return messages.map(({ role, tool_calls: calls, tool_call_id: id }) => {
    const named = (calls ?? []) as { id: string; function: { name: string } }[];
    for (const call of named) names.set(call.id, call.function.name);
    if (role === 'tool') return `tool ${names.get(id ?? '')}`;
    return named.length > 0 ? `assistant ${named.map((call) => call.function.name).join()}` : role;
  });
}

describe('a hand-off', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(agents, (scripted) => scripted.models('small', 'large'));
  });
  afterAll(() => stage.close());

  test.concurrent('goes on in the same conversation with the other agent', async () => {
    const it = stage.case('all-1').replies(to('billing', 'wants money back'), 'You get it back.');
    const run = await it.start('triage');
    const { result } = await outcomeOf(run);
    expect(result).toMatchObject({
      output: 'You get it back.',
      agent: { name: 'billing', path: ['triage', 'billing'], model: 'small' },
      transcript: { length: 4 },
    });
    const [first, second] = it.arrivals.map(({ request }) => request);
    expect(functionsOf(first)).toEqual([
      'lookup',
      'transfer_to_billing',
      'transfer_to_tech',
      'transfer_to_sales',
      'transfer_to_archive',
    ]);
    expect(first?.tools?.[2]).toMatchObject({
      function: {
        description: 'Hands the conversation over to tech: For what is broken',
        parameters: { type: 'object', properties: { message: { type: 'string' } } },
      },
    });
    expect(functionsOf(second)).toEqual(['transfer_to_triage']);
    expect(second && shapeOf(second)).toEqual([
      'system',
      'user',
      'assistant transfer_to_billing',
      'tool transfer_to_billing',
    ]);
    expect(second?.messages[0]?.content).toBe('You are billing.');
    expect(second?.messages.at(-1)?.content).toBe('The conversation goes on with billing.');
    // Both turns are of the one call.
    expect(result?.usage.input).toBe(
      Math.ceil(JSON.stringify(first?.messages).length / 4) +
        Math.ceil(JSON.stringify(second?.messages).length / 4),
    );

    const trace = await run.trace();
    const [call, taken] = spans(trace, 'agent');
    expect(trace.children).toHaveLength(1);
    expect(call).toMatchObject({
      name: 'triage',
      path: 'triage.1',
      status: 'completed',
      output: 'You get it back.',
    });
    expect(taken).toMatchObject({ name: 'billing', path: 'triage.1/billing.1', handedOverBy: 'triage' });
    expect(call?.totals.turns).toBe(2);
    expect(spans(trace, 'turn').map(({ step, handoff: made }) => [step, made])).toEqual([
      ['handoff', { to: 'billing', keep: 'all', message: 'wants money back' }],
      ['final', undefined],
    ]);
    const text = renderTrace(trace, { now: 0 });
    expect(text).toMatch(/turn 1 {2}small hands over to billing: wants money back/);
    expect(text).toMatch(/billing \(from triage\) {2}small → You get it back\./);
  });

  test.concurrent('comes after the other calls of its message, and once', async () => {
    const it = stage.case('both-1').replies(
      {
        calls: [
          { tool: 'transfer_to_billing' },
          { tool: 'lookup', args: { id: 'o1' } },
          { tool: 'transfer_to_tech' },
        ],
      },
      'done',
    );
    const { result } = await it.ask('triage');
    expect(result?.agent.path).toEqual(['triage', 'billing']);
    expect(it.arrivals[1]?.request.messages.slice(-3).map(({ content }) => content)).toEqual([
      'The conversation goes on with billing.',
      'order o1 is paid',
      'Error: Not done: one hand-off at a time. The conversation goes on with the one that was called first.',
    ]);
  });

  test.concurrent('to nobody that there is, is an answer for the model', async () => {
    const it = stage.case('nobody-1').replies(to('nobody'), 'then I answer');
    expect((await it.ask('triage')).result).toMatchObject({
      output: 'then I answer',
      agent: { path: ['triage'] },
    });
    expect(it.lastOf(1)).toMatch(
      /^Error: There is no tool "transfer_to_nobody"\. The tools are: lookup, transfer_to_billing/,
    );
  });

  test.concurrent(
    'takes along the last message only, and gives it back to the first conversation',
    async () => {
      const it = stage
        .case('last-1')
        .replies(
          { calls: [{ tool: 'lookup', args: { id: 'o2' } }] },
          to('tech', 'the lamp flickers'),
          { calls: [{ tool: 'lookup', args: { id: 'o3' } }] },
          to('triage', 'mended'),
          to('tech'),
          to('billing', 'now the bill'),
          'all done',
        );
      const run = await it.start('triage');
      const { result } = await outcomeOf(run);
      expect(result?.agent.path).toEqual(['triage', 'tech', 'triage', 'tech', 'billing']);
      const requests = it.arrivals.map(({ request }) => request);
      // The new conversation: what is said to the agent, and the input, which does not fit the agent's own schema.
      expect(requests[2]?.messages.slice(1).map(({ content }) => content)).toEqual([
        'You take over the conversation from triage.\nIt says: the lamp flickers',
        'last-1',
      ]);
      // Given back with all of it: the first conversation goes on, with what was said in the other one.
      expect(requests[4] && shapeOf(requests[4])).toEqual([
        'system',
        'user',
        'assistant lookup',
        'tool lookup',
        'assistant transfer_to_tech',
        'tool transfer_to_tech',
        'assistant lookup',
        'tool lookup',
        'assistant transfer_to_triage',
        'tool transfer_to_triage',
      ]);
      expect(requests[4]?.messages[0]?.content).toBe('You are triage.');
      // The second agent goes on in its own.
      expect(requests[5]?.messages.slice(-2).map(({ content }) => content)).toEqual([
        'The conversation goes on with triage.',
        'You take over the conversation from triage.',
      ]);
      expect(requests[6]?.messages.slice(1).map(({ content }) => content)).toEqual([
        'You take over the conversation from tech.\nIt says: now the bill',
        'last-1',
      ]);
      // The one that is pinned stays so, also when it gets the conversation again; nobody else is.
      const turns = operationsOf(await historyOf(stage.baton, run.id)).flatMap((operation) => {
        const call = readCall(operation);
        return call?.kind === 'turn' ? [call.input] : [];
      });
      expect(turns.map(({ agent, turn, version }) => [agent, turn, version !== undefined])).toEqual([
        ['triage', 1, false],
        ['triage', 2, false],
        ['tech', 1, false],
        ['tech', 2, true],
        ['triage', 3, false],
        ['tech', 3, true],
        ['billing', 1, false],
      ]);
    },
  );

  test.concurrent(
    'takes along a summary, made from the conversation without recording it again',
    async () => {
      const it = stage
        .case('marker-sum')
        .replies(
          { calls: [{ tool: 'lookup', args: { id: 'o4' } }] },
          to('sales', 'interested'),
          'They have a lamp. (marker-sum)',
          'Buy two.',
        );
      const run = await it.start('triage', { input: 'marker-sum-long' });
      const { result } = await outcomeOf(run);
      expect(result).toMatchObject({ output: 'Buy two.', agent: { name: 'sales', model: 'large' } });
      const requests = it.arrivals.map(({ request }) => request);
      expect(requests[2]?.messages[0]?.content).toMatch(/^You are given a conversation/);
      expect(requests[2] && shapeOf(requests[2])).toEqual([
        ...(requests[1] ? shapeOf(requests[1]) : []),
        'assistant transfer_to_sales',
        'tool transfer_to_sales',
        'user',
      ]);
      expect(requests[2]?.messages[3]?.content).toBe('order o4 is paid');
      expect(requests[2]?.messages.at(-1)?.content).toMatch(/^Sum up the conversation above for sales/);
      expect(functionsOf(requests[2])).toEqual([]);
      expect(requests[3]?.messages.slice(1).map(({ content }) => content)).toEqual([
        'You take over the conversation from triage.\nIt says: interested\nThe conversation so far, in short:\nThey have a lamp. (marker-sum)',
        'marker-sum-long',
      ]);
      const trace = await run.trace();
      expect(spans(trace, 'agent').map(({ path }) => path)).toEqual([
        'triage.1',
        'triage.1/baton_summariser.1',
        'triage.1/sales.1',
      ]);
      expect(spans(trace, 'agent')[0]?.totals.turns).toBe(4);
      // The input stands in the history as the run's, the first turn's, and where it is taken over; the order's state once.
      const events = await historyOf(stage.baton, run.id);
      const history = JSON.stringify(events);
      expect(history.split('marker-sum-long')).toHaveLength(1 + 3);
      expect(history.split('order o4 is paid')).toHaveLength(1 + 1);
      // And yet every conversation can be put together from it.
      expect(
        transcriptsOf(events)
          .get(2)
          ?.map(({ role }) => role),
      ).toEqual(['user', 'assistant', 'tool', 'assistant', 'tool', 'user', 'assistant']);
    },
  );

  test.concurrent('leaves the agent that was called its conversation, with all answers', async () => {
    const word = 'session-1';
    const it = stage
      .case(word)
      .replies(
        'hello to you',
        to('tech', 'the lamp flickers'),
        'mended',
        to('sales'),
        'In short.',
        'buy two',
        'welcome',
      );
    const chat = stage.baton.session('triage', { id: word, context: `about ${word}` });
    const texts = ['hello', 'mend', 'sell', 'thanks'].map((text) => `${text} ${word}`);
    for (const text of texts) await chat.send(text);
    const { messages = [] } = it.arrivals.at(-1)?.request ?? {};
    expect(messages.map(({ role, content }) => (role === 'tool' ? role : content))).toEqual([
      'You are triage.',
      `about ${word}`,
      texts[0],
      'hello to you',
      texts[1],
      null,
      'tool',
      'mended',
      texts[2],
      null,
      'tool',
      'buy two',
      texts[3],
    ]);
    const events = await historyOf(stage.baton, word);
    const conversation = transcriptsOf(events).get(1) ?? [];
    expect(conversation.map(({ role }) => role)).toEqual([
      ...messages.map(({ role }) => role).slice(1),
      'assistant',
    ]);
    await chat.close();
  });

  test.concurrent('has the summary made by an agent of one’s own, and fails with it', async () => {
    const it = stage.case('own-1').replies(to('archive'), 'In short: own-1.', 'filed');
    expect((await it.ask('triage')).result?.output).toBe('filed');
    expect(askedOf(it)).toEqual(['You are triage', 'You are the clerk', 'You are the archive']);
    const failing = stage.case('own-2').replies(to('archive'), { refusal: 'I will not' });
    const run = await failing.start('triage');
    expect(await outcomeOf(run)).toMatchObject({ code: 'Refused' });
    expect(
      spans(await run.trace(), 'agent').map(({ path, status, error }) => [path, status, error?.code]),
    ).toEqual([
      ['triage.1', 'failed', 'Refused'],
      ['triage.1/clerk.1', 'failed', 'Refused'],
    ]);
  });
});
