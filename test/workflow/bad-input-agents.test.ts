import { openStage, outcomeOf } from '../support/stage.js';
import type { Reply } from '../../src/testing/index.js';
import * as agents from './fixtures/bad-input-agents.js';

const stage = openStage(
  agents,
  (model) => model.models('small'),
  new URL('./fixtures/bad-input-workflows.ts', import.meta.url),
);

async function outcome(orchestration: string, input: unknown) {
  const run = await (await stage).baton.start(orchestration, input as never);
  return outcomeOf(run);
}

/** How many requests held the text. */
async function asked(text: string): Promise<number> {
  return (await stage).model.requests.filter((request) => JSON.stringify(request).includes(text)).length;
}

describe('what agents are given and give wrong', () => {
  afterAll(async () => (await stage).close());

  test.concurrent.each<[string, string, unknown, string, RegExp]>([
    ['a text for an object', 'asks', 'given: text', 'InputInvalid', /expected object/],
    ['a field of another type', 'asks', { id: 'given: one', text: 'a' }, 'InputInvalid', /→ at id/],
    ['an empty field', 'asks', { id: 1, text: '' }, 'InputInvalid', /→ at text/],
    ['nothing', 'asks', null, 'InputInvalid', /expected object/],
    ['an agent that there is not', 'agent', { agent: 'given: nobody', input: 1 }, 'AgentUnknown', /nobody/],
    ['no agent', 'agent', { input: 'given:' }, 'InputInvalid', /"agent" is the name of an agent/],
    ['no input', 'agent', { agent: 'clerk' }, 'InputInvalid', /"input" is missing/],
    ['a field that there is not', 'agent', { agent: 'clerk', inputs: 1 }, 'InputInvalid', /"inputs" is none/],
    ['no object', 'agent', 'clerk', 'InputInvalid', /no object/],
    ['an orchestration that there is not', 'refunds', 1, 'OrchestrationUnknown', /refunds/],
    ['a plan without workers', 'plan', { goal: 'given: a goal' }, 'InputInvalid', /workers/],
    ['a competition without competitors', 'bestOf', { input: 'given:' }, 'InputInvalid', /agents/],
    ['a debate without sides', 'debate', { question: 'given: why' }, 'InputInvalid', /\w/],
  ])('%s: no model is asked', async (_, orchestration, input, code, says) => {
    expect(await outcome(orchestration, input)).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(await asked('given:')).toBe(0);
  });

  test.concurrent.each<[string, string, RegExp]>([
    ['no JSON', '{"usd": 5', /not valid JSON/],
    ['JSON of another kind', '"five"', /do not fit/],
    ['nothing', '', /usd/],
    ['a field of another type', '{"usd":"5","to":"a"}', /usd/],
    ['a field too little', '{"usd":5}', /to/],
    ['a value out of bounds', '{"usd":-5,"to":"a"}', /usd/],
    ['a list', '[5,"a"]', /object/],
  ])('tool arguments that are %s run nothing, and the model is told', async (what, args, says) => {
    const { model } = await stage;
    const name = `pays ${what};`;
    const call = { id: 'a', type: 'function', function: { name: 'pay', arguments: args } };
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    const body = { choices: [{ index: 0, message, finish_reason: 'tool_calls' }] };
    model.script({ when: name, reply: { status: 200, body } }, { when: name, reply: 'I could not' });
    expect(await outcome('pays', name)).toMatchObject({ result: 'I could not' });
    const told = model.requests
      .filter(({ messages }) => JSON.stringify(messages).includes(name))
      .at(-1)
      ?.messages.at(-1);
    expect(told).toMatchObject({ role: 'tool', content: expect.stringMatching(says) });
    expect(agents.paid).toEqual([]);
  });

  test.concurrent(
    'a tool that there is not runs nothing, and the model is told which there are',
    async () => {
      const { model } = await stage;
      model.script(
        { when: 'refunds it;', reply: { calls: [{ tool: 'refund', args: {} }] } },
        { when: 'refunds it;', reply: ({ messages }) => String(messages.at(-1)?.content) },
      );
      const { result } = await outcome('pays', 'refunds it;');
      expect(result).toMatch(/There is no tool "refund"\. The tools are: pay\./);
      expect(agents.paid).toEqual([]);
    },
  );

  test.concurrent.each<[string, Reply, string]>([
    ['no JSON', 'five dollars', 'OutputInvalid'],
    ['a field of another type', { json: { usd: 'five' } }, 'OutputInvalid'],
    ['a list', { json: [5] }, 'OutputInvalid'],
    ['nothing', '', 'OutputInvalid'],
    ['cut at its limit', { text: '{"usd":', finish: 'length' }, 'OutputInvalid'],
    ['filtered', { text: 'no', finish: 'content_filter' }, 'Refused'],
    ['a refusal', { refusal: 'I will not' }, 'Refused'],
  ])('an output that is %s fails the call by name', async (what, reply, code) => {
    const { model } = await stage;
    const text = `answers ${what};`;
    model.script({ when: text, times: Infinity, reply });
    expect(await outcome('asks', { id: 1, text })).toMatchObject({ code });
  });
});
