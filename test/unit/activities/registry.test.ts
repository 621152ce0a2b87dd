import { z } from 'zod';
import { defineAgent, defineTool } from '../../../src/agents/index.js';
import { Registry } from '../../../src/activities/registry.js';

const tool = (spec: object = {}) =>
  defineTool({
    description: 'Finds',
    input: z.object({ key: z.string() }),
    effect: 'read',
    run: () => null,
    ...spec,
  });
const agent = (spec: object = {}) =>
  defineAgent({ description: 'Helps', instructions: 'Help.', model: 'small', ...spec });
const models = { small: { model: 'gpt-small' }, large: { model: 'gpt-large' } };

describe('Registry', () => {
  it('knows agents and tools by their keys, and leaves other exports alone', () => {
    const find = tool();
    const registry = new Registry({ find, clerk: agent({ tools: { lookup: find } }), LIMIT: 3, none: null });
    expect(registry.agentNames).toEqual(['clerk']);
    expect([...registry.agents.keys()]).toContain('baton_judge');
    expect([...(registry.agents.get('clerk')?.tools.keys() ?? [])]).toEqual(['find']);
  });

  it('takes a tool whose input has an id', () => {
    const registry = new Registry({ find: tool({ input: z.object({ a: z.string() }).meta({ id: 'A' }) }) });
    expect(registry.tools.get('find')?.parameters).toMatchObject({
      type: 'object',
      properties: { a: { type: 'string' } },
    });
  });

  it('takes OpenAI’s own names where no models are given', () => {
    expect(new Registry({}).model('gpt-5')).toEqual({ model: 'gpt-5' });
    expect(new Registry({}, models).model('toString')).toBeUndefined();
  });

  it('gives a version that changes with what the model is told, and with nothing else', () => {
    const version = (spec: object) => new Registry({ clerk: agent(spec) }).agents.get('clerk')?.version;
    expect(version({})).toMatch(/^[\w-]{8}$/);
    expect(version({ description: 'Other' })).toBe(version({}));
    expect(version({ instructions: 'Help more.' })).not.toBe(version({}));
    expect(version({ output: z.object({ a: z.string() }) })).not.toBe(version({}));
    expect(version({ limits: { turns: 3 } })).not.toBe(version({}));
  });

  const find = tool();
  const clerk = agent();
  it.each<[string, Record<string, unknown>, string]>([
    [
      'a name that no provider takes',
      { 'find it': find },
      '"find it" cannot name a tool: use 1 to 64 letters',
    ],
    ['a name of Baton’s own', { baton_turn: find }, 'the name "baton_turn" is reserved: rename the tool'],
    ['the name of Temporal’s fall-back', { default: clerk }, 'the name "default" is reserved'],
    [
      'a definition with two names',
      { find, search: find },
      'the tool "search" is also registered as "find": export it once',
    ],
    [
      'an agent with two names',
      { clerk, other: clerk },
      'the agent "other" is also registered as "clerk": export it once',
    ],
    [
      'an unknown model',
      { clerk: agent({ model: ['small', 'huge'] }) },
      'agent "clerk" uses the model "huge", but models has only: small, large',
    ],
    ['an agent without a model', { clerk: agent({ model: [] }) }, 'agent "clerk" names no model'],
    [
      'a tool that is not registered',
      { clerk: agent({ tools: { find } }) },
      'agent "clerk" uses a tool as "find" that is not registered: export it beside the agent',
    ],
    [
      'arguments that are no object',
      { find: tool({ input: z.string() }) },
      'the input of tool "find" must be an object: z.object({ ... })',
    ],
    [
      'arguments that JSON cannot carry',
      { find: tool({ input: z.object({ at: z.date() }) }) },
      'the input of tool "find" cannot be written as JSON schema: Date',
    ],
    [
      'an output that JSON cannot carry',
      { clerk: agent({ output: z.object({ at: z.date() }) }) },
      'the output of agent "clerk" cannot be written as JSON schema: Date',
    ],
    [
      'an input that JSON cannot carry',
      { clerk: agent({ input: z.bigint() }) },
      'the input of agent "clerk" cannot be written as JSON schema: BigInt',
    ],
    [
      'a time-out that is no duration',
      { find: tool({ timeout: '5 minuts' }) },
      'tool "find": ✖ not a duration, such as "30 seconds"\n  → at timeout',
    ],
    ['no attempts', { find: tool({ attempts: 0 }) }, 'tool "find": ✖ Too small: expected number to be >0'],
    [
      'an approval that expires never or at once',
      { find: tool({ approval: { timeout: 'soon' } }) },
      'approval of tool "find": ✖ not a duration',
    ],
    [
      'no tool at a time',
      { clerk: agent({ limits: { toolConcurrency: 0 } }) },
      'limits of agent "clerk": ✖ Too small: expected number to be >0\n  → at toolConcurrency',
    ],
    [
      'a limit that there is not',
      { clerk: agent({ limits: { tunrs: 3 } }) },
      'limits of agent "clerk": ✖ Unrecognized key: "tunrs"',
    ],
  ])('refuses %s', (_, definitions, message) => {
    expect(() => new Registry(definitions, models)).toThrow(
      expect.objectContaining({ code: 'ConfigInvalid', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [{ small: { model: '' } }, 'small.model'],
    [{ small: { model: 'm', baseUrl: 'localhost' } }, 'small.baseUrl'],
    [{ small: { model: 'm', price: { input: 1 } } }, 'small.price.output'],
    [{ small: { model: 'm', apiKey: 'k' } }, 'Unrecognized key: "apiKey"'],
  ])('refuses the models %j, naming the field', (wrong, message) => {
    expect(() => new Registry({}, wrong as never)).toThrow(
      expect.objectContaining({ code: 'ConfigInvalid', message: expect.stringContaining(message) }),
    );
  });
});
