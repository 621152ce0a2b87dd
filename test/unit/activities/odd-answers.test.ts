import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askChatCompletions } from '../../../src/activities/models/chat-completions.js';
import { classify } from '../../../src/activities/models/classify.js';
import { startReplayServer } from '../../support/replay-server.js';
import { modelRequest } from './model-request.js';

/** What the model client makes of a 200 with the body. */
async function answerTo(body: unknown, type = 'application/json') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const server = await startReplayServer([
    {
      request: { url: '', body: null },
      response: { status: 200, headers: { 'content-type': type }, body: text },
    },
  ]);
  try {
    return await askChatCompletions(modelRequest(server.url, [{ role: 'user', content: 'Hello' }]));
  } catch (error) {
    return classify(error);
  } finally {
    await server.stop();
  }
}

const choice = (message: unknown, finish: unknown = 'stop') => ({
  choices: [{ index: 0, message, finish_reason: finish }],
});
const called = (fn: object) => choice({ tool_calls: [{ id: 'x', type: 'function', function: fn }] });

describe('an answer of a compatible provider', () => {
  it.each<[string, unknown, object]>([
    ['without usage', choice({ content: 'hi' }), { usage: { input: 0, output: 0 } }],
    ['with usage of null', { ...choice({ content: 'hi' }), usage: null }, { usage: { input: 0, output: 0 } }],
    [
      'with more cached than read',
      { ...choice({}), usage: { prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 9 } } },
      { usage: { input: 5, output: 0, cached: 5 } },
    ],
    [
      'with reasoning as a part of the completion',
      {
        ...choice({ content: 'hi' }),
        usage: {
          prompt_tokens: 5,
          completion_tokens: 20,
          total_tokens: 25,
          completion_tokens_details: { reasoning_tokens: 15 },
        },
      },
      { usage: { input: 5, output: 20, reasoning: 15 } },
    ],
    [
      'with text in parts',
      choice({
        content: [
          { type: 'thinking', thinking: [] },
          { type: 'text', text: 'hi' },
        ],
      }),
      { message: { role: 'assistant', text: 'hi' } },
    ],
    ['that is empty', choice({ content: null }), { message: { role: 'assistant' } }],
    [
      'whose calls have no arguments',
      called({ name: 'find' }),
      { message: { calls: [{ tool: 'find', arguments: '' }] } },
    ],
    [
      'whose calls have an object as arguments',
      called({ name: 'find', arguments: { a: 1 } }),
      { message: { calls: [{ tool: 'find', arguments: '{"a":1}' }] } },
    ],
    [
      'whose calls have no name',
      called({ arguments: '{}' }),
      { message: { calls: [{ tool: '', arguments: '{}' }] } },
    ],
    ['cut by its length', choice({ content: 'h' }, 'model_length'), { finish: 'length' }],
    ['filtered with a reason', choice({ content: '' }, 'content_filter: OTHER'), { finish: 'filter' }],
    ['without a reason of its end', choice({ content: 'hi' }, null), { finish: 'stop' }],
    [
      'whose choice failed',
      { choices: [{ error: { code: 502, message: 'upstream' }, finish_reason: 'error', message: {} }] },
      { code: 'ProviderDown', status: 502, message: 'upstream' },
    ],
    ['without choices', { choices: [] }, { code: 'ProviderDown', message: 'the answer has no choices' }],
    ['without a message', { choices: [{ index: 0 }] }, { message: 'the answer has no choices' }],
    ['that is null', 'null', { code: 'ProviderDown', message: 'the answer is empty' }],
    ['that is a list', '[]', { code: 'ProviderDown', message: 'the answer is not a JSON object: []' }],
    ['that is cut', '{"choices":[{"mess', { code: 'ProviderDown', message: /is not valid JSON/ }],
    ['without a body', '', { code: 'ProviderDown' }],
    [
      'that only says what failed',
      { error: 'no capacity' },
      { code: 'ProviderDown', message: 'no capacity' },
    ],
  ])('%s', async (_, body, { message, ...expected }: { message?: unknown }) => {
    const answer = await answerTo(body);
    expect(answer).toMatchObject(expected);
    if (message instanceof RegExp) expect(answer.message).toMatch(message);
    else if (typeof message === 'string') expect(answer.message).toBe(message);
    else if (message) expect(answer.message).toMatchObject(message);
  });

  it('is read where its media type is wrong', async () => {
    expect(await answerTo(choice({ content: 'hi' }), 'text/plain')).toMatchObject({
      message: { text: 'hi' },
    });
    expect(await answerTo('<html>log in</html>', 'text/html')).toMatchObject({
      code: 'ProviderDown',
      message: 'the answer is not a JSON object: "<html>log in</html>"',
    });
  });
});

describe('a provider that falls silent', () => {
  it.each([['before its answer'], ['in the middle of it']])('%s is given up in time', async (when) => {
    const server = createServer();
    const closed = new Promise((resolve) => {
      server.on('request', (_, response) => {
        response.on('close', resolve);
        if (when.startsWith('in'))
          response.writeHead(200, { 'content-type': 'application/json' }).write('{"cho');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // No whole number of milliseconds, which the openai package does not take.
    const request = modelRequest(url, [{ role: 'user', content: 'Hello' }], { timeout: 300.5 });
    const started = performance.now();
    expect(await askChatCompletions(request).catch(classify)).toEqual({
      code: 'ProviderDown',
      maybePaid: true,
      message: 'm did not answer within 0.3 s',
    });
    expect(performance.now() - started).toBeLessThan(2000);
    await closed;
    await new Promise((resolve) => server.close(resolve));
  });
});
