import { z } from 'zod';
import { agentTool, defineAgent, defineTool, handoff, type Agent } from '../../../src/agents/index.js';
import type { ToolCall } from '../../../src/agents/message.js';
import { Registry } from '../../../src/activities/registry.js';
import { stepOfCalls } from '../../../src/activities/step-of-calls.js';

const models = { small: { model: 'gpt-small' } };
const agent = (spec: object = {}) =>
  defineAgent({ description: 'Helps', instructions: 'Help.', model: 'small', ...spec });
const tool = (spec: object = {}) =>
  defineTool({ description: 'Finds', input: z.object({}), effect: 'read', run: () => null, ...spec });
const registered = (definitions: Record<string, unknown>, name = 'clerk') => {
  const found = new Registry(definitions, models).agents.get(name);
  if (!found) throw new Error(name);
  return found;
};

describe('what an agent is offered of others', () => {
  it('is a function for each, by the names under which they are registered', () => {
    const [find, helper, other] = [tool(), agent({ description: 'Knows' }), agent({ description: 'Sells' })];
    const clerk = agent({
      tools: { a: find, b: helper, c: agentTool(other, { description: 'Sells much' }) },
      handoffs: { d: helper, e: handoff(other, { description: 'When they want to buy' }) },
      rejects: true,
    });
    const { offers } = registered({ find, helper, other, clerk });
    expect(offers.map(({ name, description }) => [name, description])).toEqual([
      ['find', 'Finds'],
      ['helper', 'Knows'],
      ['other', 'Sells much'],
      ['transfer_to_helper', 'Hands the conversation over to helper: Knows'],
      ['transfer_to_other', 'Hands the conversation over to other: When they want to buy'],
      ['reject_input', expect.any(String)],
    ]);
  });

  it('takes an input that is no object as the argument `input`, also a recursive one', () => {
    type Tree = Tree[];
    const Tree: z.ZodType<Tree> = z.lazy(() => z.array(Tree));
    const parametersOf = (input: z.ZodType) => {
      const helper = agent({ input });
      return registered({ helper, clerk: agent({ tools: { helper } }) }).offers[0]?.parameters;
    };
    expect(parametersOf(z.object({ id: z.number() }))).toMatchObject({
      properties: { id: { type: 'number' } },
    });
    expect(parametersOf(z.array(z.number()))).toEqual({
      type: 'object',
      properties: { input: { type: 'array', items: { type: 'number' } } },
      required: ['input'],
    });
    expect(parametersOf(Tree)).toMatchObject({ properties: { input: { $ref: expect.any(String) } } });
  });

  it('changes the version, as what the model is told', () => {
    const helper = agent();
    const version = (spec: object, extra: object = {}) =>
      registered({ helper, clerk: agent(spec), ...extra }).version;
    const versions = [
      {},
      { tools: { helper } },
      { tools: { helper: agentTool(helper, { description: 'Knows' }) } },
      { handoffs: { helper } },
      { handoffs: { helper: handoff(helper, { transcript: 'last' }) } },
      { handoffs: { helper: handoff(helper, { transcript: 'summary' }) } },
      { rejects: true },
    ].map((spec) => version(spec));
    expect(new Set(versions).size).toBe(versions.length);
    // What is known of the version before there were such links still holds.
    expect(version({ rejects: false, handoffs: {} })).toBe(version({}));
  });

  const helper = agent();
  const typed = agent({ output: z.object({ a: z.string() }) });
  const lost = agent();
  const picky = agent({ input: z.object({}) });
  const find = tool();
  const selfish = agent({ handoffs: () => ({ selfish }) });
  it.each<[string, Record<string, unknown>, string]>([
    [
      'an agent as a tool that is not registered',
      { clerk: agent({ tools: { lost } }) },
      'agent "clerk" uses an agent as "lost" that is not registered: export it beside the agent',
    ],
    [
      'a hand-off to one that is not registered',
      { clerk: agent({ handoffs: { lost } }) },
      'agent "clerk" hands over to an agent as "lost" that is not registered: export it beside the agent',
    ],
    [
      'a hand-off to an agent with another output',
      { typed, clerk: agent({ handoffs: () => ({ typed }) }) },
      'agent "clerk" hands over to "typed", which has another output schema: whoever answers last gives the output',
    ],
    [
      'hand-offs that are no agents',
      { clerk: agent({ handoffs: () => ({ helper: 'helper' }) }) },
      'handoffs of agent "clerk" are agents by name: { billing } or () => ({ billing })',
    ],
    [
      'a transcript that there is not',
      { helper, clerk: agent({ handoffs: { helper: handoff(helper, { transcript: 'none' as never }) } }) },
      'hand-off of agent "clerk" to "helper": ✖ Invalid option',
    ],
    [
      'a summariser that is not registered',
      {
        helper,
        clerk: agent({ handoffs: { helper: handoff(helper, { transcript: 'summary', summariser: lost }) } }),
      },
      'the summariser of agent "clerk" is not registered: export it beside the agent',
    ],
    [
      'a summariser that takes no text',
      {
        helper,
        picky,
        clerk: agent({ handoffs: { helper: handoff(helper, { transcript: 'summary', summariser: picky }) } }),
      },
      '"picky" cannot be the summariser of agent "clerk": its input must be text',
    ],
    [
      'a tool with the name of a function of Baton’s own',
      { reject_input: find, clerk: agent({ rejects: true, tools: { find } }) },
      'agent "clerk" would offer its model two functions "reject_input": rename the tool',
    ],
    [
      'a name that is too long for a hand-off',
      { ['x'.repeat(60)]: helper, clerk: agent({ handoffs: { helper } }) },
      'is longer than the 64 characters that providers take: shorten the agent',
    ],
    [
      'a time-out of an agent that is no duration',
      { helper, clerk: agent({ tools: { helper: agentTool(helper, { timeout: 'soon' as never }) } }) },
      'agent "helper" as a tool of "clerk": ✖ not a duration',
    ],
    ['an agent that would hand over to itself', { clerk: selfish }, 'agent "clerk" hands over to itself'],
    [
      'a negative number of hand-offs',
      { clerk: agent({ limits: { handoffs: -1 } }) },
      'limits of agent "clerk": ✖',
    ],
  ])('refuses %s', (_, definitions, message) => {
    expect(() => new Registry(definitions, models)).toThrow(
      expect.objectContaining({ code: 'ConfigInvalid', message: expect.stringContaining(message) }),
    );
  });
});

describe('what follows from a message with calls', () => {
  const helper: Agent<{ id: number }, string> = defineAgent({
    description: 'Helps',
    instructions: 'Help.',
    model: 'small',
    input: z.object({ id: z.number() }),
  });
  const other = agent();
  const find = tool();
  const step = (calls: ToolCall[], spec: object = {}, text?: string) => {
    const clerk = agent({
      tools: { find, helper, other },
      handoffs: { helper, other },
      rejects: true,
      ...spec,
    });
    return stepOfCalls(registered({ find, helper, other, clerk }), calls, text);
  };
  const call = (name: string, args: unknown = {}): ToolCall => ({
    tool: name,
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
  });

  it('is a rejection before all else, whatever its arguments are', async () => {
    const rejected = (args: unknown, text?: string) =>
      step([call('find'), call('transfer_to_other'), call('reject_input', args)], {}, text);
    expect(await rejected({ reason: 'empty' })).toEqual({ kind: 'inputRejected', reason: 'empty' });
    expect(await rejected('not JSON', 'it is empty')).toEqual({
      kind: 'inputRejected',
      reason: 'it is empty',
    });
    expect(await rejected({ reason: 7 })).toEqual({ kind: 'inputRejected', reason: 'it gave no reason' });
  });

  it('is the first hand-off, with what its definition says', async () => {
    const made = await step([call('find'), call('transfer_to_other'), call('transfer_to_helper')], {
      handoffs: { helper, other: handoff(other, { transcript: 'summary' }) },
      limits: { handoffs: 3, toolConcurrency: 2 },
    });
    expect(made).toMatchObject({
      kind: 'handoff',
      to: 'other',
      call: 1,
      keep: 'summary',
      summariser: 'baton_summariser',
      limit: 3,
      concurrency: 2,
      calls: [
        { attempts: 3 },
        { told: 'The conversation goes on with other.' },
        { problem: expect.stringMatching(/one hand-off at a time/) },
      ],
    });
  });

  it('is a call of an agent, with its input checked and unwrapped', async () => {
    const approving = {
      helper: agentTool(helper, { child: true, timeout: '1 s', approval: ({ id }) => id > 1 }),
      other,
    };
    const policies = async (...calls: ToolCall[]) => {
      const made = await step(calls, { tools: approving });
      return made.kind === 'tools' ? made.calls : [];
    };
    expect(
      await policies(call('helper', { id: 1 }), call('helper', { id: 2 }), call('other', { input: 'hi' })),
    ).toEqual([
      { timeout: 1, attempts: 1, agent: { name: 'helper', child: true, timeout: 1000 } },
      { timeout: 1, attempts: 1, approval: {}, agent: { name: 'helper', child: true, timeout: 1000 } },
      { timeout: 1, attempts: 1, agent: { name: 'other', wrapped: true } },
    ]);
    expect(await policies(call('helper', { id: 'x' }), call('other', 'hi'), call('other'))).toEqual([
      expect.objectContaining({ problem: expect.stringContaining('The arguments do not fit') }),
      expect.objectContaining({ agent: { name: 'other', wrapped: true } }),
      expect.objectContaining({ problem: expect.stringContaining('The arguments do not fit') }),
    ]);
  });
});
