import { z } from 'zod';
import { defineAgent, defineTool } from '../../../src/agents/index.js';
import type { Message } from '../../../src/agents/message.js';
import type { Model } from '../../../src/agents/models.js';
import { chatRequest } from '../../../src/activities/models/chat-request.js';
import { Registry } from '../../../src/activities/registry.js';
import { modelRequest } from './model-request.js';

function bodyOf(messages: Message[], model: Partial<Model> = {}, rest: object = {}) {
  return chatRequest(modelRequest('http://localhost/v1', messages, { model, ...rest }));
}

const question: Message = { role: 'user', content: 'Hello' };

describe('a chat completions request', () => {
  it('begins with the instructions, where there are some', () => {
    expect(bodyOf([question]).messages).toEqual([{ role: 'system', content: 'You help.' }, question]);
    expect(bodyOf([question], {}, { instructions: '' }).messages).toEqual([question]);
  });

  it('shows data as JSON, and errors as such', () => {
    const messages = bodyOf([
      { role: 'user', content: { a: 1 } },
      { role: 'assistant', text: 'I look.', calls: [{ tool: 'find', arguments: '{"b":2}' }] },
      { role: 'tool', call: 0, tool: 'find', content: 'no such table', isError: true },
    ]).messages;
    expect(messages.slice(1)).toEqual([
      { role: 'user', content: '{"a":1}' },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [{ id: 'id1x0', type: 'function', function: { name: 'find', arguments: '{"b":2}' } }],
      },
      { role: 'tool', tool_call_id: 'id1x0', content: 'Error: no such table' },
    ]);
  });

  it('leaves an empty answer out, and keeps the places of the others', () => {
    const call: Message = { role: 'assistant', calls: [{ tool: 'find', arguments: '{}' }] };
    const result: Message = { role: 'tool', call: 0, tool: 'find', content: 1 };
    const { messages } = bodyOf([question, { role: 'assistant' }, question, call, result]);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'user', 'assistant', 'tool']);
    expect(messages.at(-1)).toMatchObject({ tool_call_id: 'id3x0' });
  });

  it.each([
    ['', '{}'],
    ['  ', '{}'],
    ['{"a": 1}', '{"a": 1}'],
    ['{"a": ', '{"invalid_arguments":"{\\"a\\": "}'],
    ['[1]', '{"invalid_arguments":"[1]"}'],
  ])('sends the arguments %j as %s', (given, sent) => {
    const { messages } = bodyOf([{ role: 'assistant', calls: [{ tool: 'find', arguments: given }] }]);
    expect(messages.at(-1)).toMatchObject({ tool_calls: [{ function: { arguments: sent } }] });
  });

  it.each([
    ['functions.find', 'functions_find'],
    ['', 'unknown'],
    ['x'.repeat(70), 'x'.repeat(64)],
  ])('sends the made-up name %j as %s', (given, sent) => {
    const { messages } = bodyOf([{ role: 'assistant', calls: [{ tool: given, arguments: '{}' }] }]);
    expect(messages.at(-1)).toMatchObject({ tool_calls: [{ function: { name: sent } }] });
  });

  it('offers tools without patterns that look around, which OpenAI and llama.cpp reject', () => {
    const mail = defineTool({
      description: 'Sends',
      input: z.object({ to: z.string().regex(/^(?!x)y/), pattern: z.string().regex(/^a+$/) }),
      effect: 'write',
      run: () => null,
    });
    const registry = new Registry({ mail });
    const { tools } = bodyOf([question], {}, { tools: [...registry.tools.values()] });
    expect(tools).toEqual([
      {
        type: 'function',
        function: {
          name: 'mail',
          description: 'Sends',
          parameters: {
            type: 'object',
            properties: {
              to: { type: 'string' },
              pattern: { type: 'string', pattern: '^a+$' },
            },
            required: ['to', 'pattern'],
          },
        },
      },
    ]);
  });

  it('asks for structured output as the model takes it', () => {
    const answer = defineAgent({
      description: 'Answers',
      instructions: 'You answer.',
      model: 'm',
      output: z.object({ n: z.number() }),
    });
    const output = new Registry({ answer }).agents.get('answer')?.output;
    expect(bodyOf([question], {}, { output }).response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: output?.json },
    });
    const inWords = bodyOf([question], { structuredOutput: 'json_object' }, { output });
    expect(inWords.response_format).toEqual({ type: 'json_object' });
    expect(inWords.messages[0]?.content).toContain(JSON.stringify(output?.json));
  });

  it('carries the settings of model and agent', () => {
    const rest = { outputTokens: 100, temperature: 0.2 };
    expect(bodyOf([question], { model: 'gpt', reasoningEffort: 'low' }, rest)).toMatchObject({
      model: 'gpt',
      max_completion_tokens: 100,
      temperature: 0.2,
      reasoning_effort: 'low',
    });
    expect(bodyOf([question], { outputLimitParameter: 'max_tokens' }, rest)).toMatchObject({
      max_tokens: 100,
    });
  });
});
