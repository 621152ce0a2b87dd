import { z } from 'zod';
import { defineAgent, defineTool } from '../../../src/agents/index.js';
import type { Message } from '../../../src/agents/message.js';
import type { Model } from '../../../src/agents/models.js';
import { providerKey } from '../../../src/activities/models/provider-key.js';
import { responsesRequest } from '../../../src/activities/models/responses-request.js';
import { Registry } from '../../../src/activities/registry.js';
import { modelRequest } from './model-request.js';

const URL = 'http://localhost/v1';
const PROVIDER = 'responses localhost m';

function bodyOf(messages: Message[], model: Partial<Model> = {}, rest: object = {}) {
  return responsesRequest(modelRequest(URL, messages, { model: { api: 'responses', ...model }, ...rest }));
}

const inputOf = (...messages: Message[]) => bodyOf(messages).input ?? [];
const question: Message = { role: 'user', content: 'Hello' };
const call = (n: number) => ({ tool: 'find', arguments: `{"n":${n}}` });
const called = (n: number, id: string) => ({
  type: 'function_call',
  call_id: id,
  name: 'find',
  arguments: `{"n":${n}}`,
});
const thought = (id: string) => ({
  type: 'reasoning',
  id,
  encrypted_content: `secret of ${id}`,
  summary: [],
});

describe('a Responses API request', () => {
  it('asks the provider to keep nothing, and carries what is set', () => {
    expect(bodyOf([question])).toEqual({
      model: 'm',
      store: false,
      instructions: 'You help.',
      input: [{ role: 'user', content: 'Hello' }],
    });
    const all = bodyOf(
      [question],
      { reasoningEffort: 'low', outputLimitParameter: 'max_tokens' },
      { instructions: '', outputTokens: 100, temperature: 0.5 },
    );
    expect(all).toEqual({
      model: 'm',
      store: false,
      include: ['reasoning.encrypted_content'],
      input: [{ role: 'user', content: 'Hello' }],
      max_output_tokens: 100,
      temperature: 0.5,
      reasoning: { effort: 'low' },
    });
  });

  it.each([
    ['gpt-5-mini', true],
    ['gpt-5.5', true],
    ['o4-mini', true],
    ['openai/gpt-oss-120b', true],
    ['grok-4', true],
    ['gpt-4o', false],
    ['gpt-4.1-mini', false],
    ['gpt-5-chat-latest', false],
    ['qwen3:8b', false],
  ])('to %s asks for its reasoning: %s', (model, asks) => {
    expect('include' in bodyOf([question], { model })).toBe(asks);
  });

  it('shows data as JSON, errors as such, and calls under their own ids', () => {
    const input = inputOf(
      { role: 'user', content: { a: 1 } },
      {
        role: 'assistant',
        text: 'I look.',
        calls: [call(1), { tool: 'functions.find', arguments: '{"a":' }],
      },
      { role: 'tool', call: 0, tool: 'find', content: 'no such table', isError: true },
      { role: 'tool', call: 1, tool: 'find', content: [1] },
    );
    expect(input).toEqual([
      { role: 'user', content: '{"a":1}' },
      { role: 'assistant', content: 'I look.' },
      called(1, 'id1x0'),
      {
        type: 'function_call',
        call_id: 'id1x1',
        name: 'functions_find',
        arguments: '{"invalid_arguments":"{\\"a\\":"}',
      },
      { type: 'function_call_output', call_id: 'id1x0', output: 'Error: no such table' },
      { type: 'function_call_output', call_id: 'id1x1', output: '[1]' },
    ]);
  });

  it('leaves an empty answer out, and keeps a refusal', () => {
    expect(inputOf(question, { role: 'assistant' }, { role: 'assistant', refusal: 'No.' })).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'No.' },
    ]);
  });

  const answer: Message = {
    role: 'assistant',
    text: 'First. Then.',
    calls: [call(0), call(1), call(2)],
    opaque: {
      provider: PROVIDER,
      items: [
        thought('a'),
        { text: 6, phase: 'commentary' },
        { calls: 2 },
        thought('b'),
        { text: 6 },
        { calls: 1 },
      ],
    },
  };

  it('sends reasoning back at its place', () => {
    expect(inputOf(question, answer).slice(1)).toEqual([
      thought('a'),
      { role: 'assistant', content: 'First.', phase: 'commentary' },
      called(0, 'id1x0'),
      called(1, 'id1x1'),
      thought('b'),
      { role: 'assistant', content: ' Then.' },
      called(2, 'id1x2'),
    ]);
  });

  it.each<[string, Partial<Model>]>([
    ['another model', { model: 'n' }],
    ['another host', { baseUrl: 'http://127.0.0.1/v1' }],
    ['another account', { apiKeyEnv: 'OTHER_KEY' }],
  ])('sends no reasoning to %s', (_, model) => {
    expect(bodyOf([answer], model).input).toEqual([
      { role: 'assistant', content: 'First. Then.' },
      called(0, 'id0x0'),
      called(1, 'id0x1'),
      called(2, 'id0x2'),
    ]);
  });

  it('sends all that was said and called, be the layout what it may', () => {
    const items = [{ text: 99 }, { calls: 1 }, { calls: 9 }, { text: 3 }, 'odd', null];
    const input = inputOf({ ...answer, opaque: { provider: PROVIDER, items: items.slice(1) } });
    expect(input).toEqual([
      called(0, 'id0x0'),
      called(1, 'id0x1'),
      called(2, 'id0x2'),
      { role: 'assistant', content: 'Fir' },
      { role: 'assistant', content: 'st. Then.' },
    ]);
    expect(inputOf({ ...answer, opaque: { provider: PROVIDER, items } })).toEqual([
      { role: 'assistant', content: 'First. Then.' },
      called(0, 'id0x0'),
      called(1, 'id0x1'),
      called(2, 'id0x2'),
    ]);
  });

  it('offers tools, and asks for structured output by its schema', () => {
    const mail = defineTool({
      description: 'Sends',
      input: z.object({ to: z.string().regex(/^(?!x)y/) }),
      effect: 'write',
      run: () => null,
    });
    const clerk = defineAgent({
      description: 'Clerk',
      instructions: '',
      model: 'm',
      output: z.object({ usd: z.number() }),
      tools: { mail },
    });
    const registered = new Registry({ mail, clerk }).agents.get('clerk');
    const rest = { tools: registered?.offers, output: registered?.output };
    const schema = {
      type: 'object',
      properties: { usd: { type: 'number' } },
      required: ['usd'],
      additionalProperties: false,
    };
    expect(bodyOf([question], {}, rest)).toMatchObject({
      tools: [
        {
          type: 'function',
          name: 'mail',
          description: 'Sends',
          parameters: { type: 'object', properties: { to: { type: 'string' } } },
          strict: false,
        },
      ],
      text: { format: { type: 'json_schema', name: 'clerk', strict: true, schema } },
    });
    // JSON mode wants to read of JSON in the input itself.
    const words = bodyOf([question], { structuredOutput: 'json_object' }, rest);
    expect(words.text).toEqual({ format: { type: 'json_object' } });
    expect(words.input).toEqual([
      { role: 'system', content: expect.stringMatching(/JSON schema:\n\{.*"usd"/s) },
      { role: 'user', content: 'Hello' },
    ]);
  });
});

describe('the key of a provider', () => {
  it.each<[Partial<Model>, string]>([
    [{}, 'chat api.openai.com m'],
    [{ api: 'responses' }, 'responses api.openai.com m'],
    [{ api: 'responses', baseUrl: 'https://x.test:8080/v1' }, 'responses x.test:8080 m'],
    [{ api: 'responses', apiKeyEnv: 'MY_KEY' }, 'responses api.openai.com m MY_KEY'],
  ])('of %j is %j', (model, key) => {
    expect(providerKey({ model: 'm', ...model })).toBe(key);
  });
});
