import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { classify } from '../../../src/activities/models/classify.js';
import { askResponses } from '../../../src/activities/models/responses-api.js';
import { modelRequest } from './model-request.js';
import { answerTo, called, response, said, thought } from './response-items.js';

const events = (...list: { type: string }[]) =>
  list.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const created = { type: 'response.created', response: { status: 'in_progress', output: [], error: null } };
const done = (item: object) => ({ type: 'response.output_item.done', output_index: 0, item });
const completed = (output: unknown[]) => ({ type: 'response.completed', response: response(output) });

describe('a streamed response', () => {
  it.each<[string, string, object]>([
    [
      'is what its last event holds',
      events(created, done(said('h')), completed([said('hi')])),
      { message: { role: 'assistant', text: 'hi' }, finish: 'stop' },
    ],
    [
      'is read to an end mark, and from comments',
      `: hello\n\n${events(created)}: ping\n\n${events(completed([said('hi')]))}data: [DONE]\n\n`,
      { message: { text: 'hi' } },
    ],
    [
      'is put together where the last event is empty',
      events(created, done(thought('a')), done(called()), completed([])),
      {
        message: {
          calls: [{ tool: 'find', arguments: '{}' }],
          opaque: { items: [thought('a'), { calls: 1 }] },
        },
      },
    ],
    [
      'that is incomplete',
      events(created, {
        type: 'response.incomplete',
        response: { output: [called()], incomplete_details: { reason: 'max_output_tokens' } },
      } as never),
      { finish: 'length' },
    ],
    [
      'that fails',
      events(created, done(called()), {
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'slow down' } },
      } as never),
      { code: 'RateLimited', message: 'slow down' },
    ],
    [
      'with an error as an event',
      events(created, done(called()), { type: 'error', code: 'server_error', message: 'sorry' } as never),
      { code: 'ProviderDown', message: 'sorry' },
    ],
    [
      'with an error below an event',
      events(done(called()), {
        type: 'error',
        error: { code: 'context_length_exceeded', message: 'long' },
      } as never),
      { code: 'ContextOverflow', message: 'long' },
    ],
    [
      'with an error of no type',
      `${events(done(called()))}data: {"error":{"code":429,"message":"slow down"}}\n\n`,
      { code: 'RateLimited', status: 429, message: 'slow down' },
    ],
    [
      'with an error by the name of its event',
      `${events(done(called()))}event: error\ndata: {"message":"sorry"}\n\n`,
      { code: 'ProviderDown', message: 'sorry' },
    ],
    [
      'that stops before its end',
      events(created, done(called())),
      { code: 'ProviderDown', message: 'the stream stopped before the end of the answer' },
    ],
    ['that is empty', '', { code: 'ProviderDown' }],
    ['with an event cut in the middle', `${events(created)}data: {"type":"resp`, { code: 'ProviderDown' }],
  ])('%s', async (_, body, expected) => {
    expect(await answerTo(body, { type: 'text/event-stream', stream: true })).toMatchObject(expected);
  });

  it('that comes whole all the same is read', async () => {
    const whole = await answerTo(response([said('hi')]), { stream: true });
    expect(whole).toMatchObject({ message: { text: 'hi' } });
  });

  it('whose connection breaks is a failure', async () => {
    const server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.write(events(created, done(called())), () => answer.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const model = { api: 'responses', stream: true } as const;
    const failure = await askResponses(modelRequest(url, [], { model })).catch(classify);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(failure).toMatchObject({ code: 'ProviderDown' });
  });

  it('that falls silent in the middle of a call is given up', async () => {
    const delta = { type: 'response.function_call_arguments.delta', delta: '{' };
    const server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.write(events(created, delta));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const model = { api: 'responses', stream: true } as const;
    const failure = await askResponses(modelRequest(url, [], { model, timeout: 2000 })).catch(classify);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(failure).toEqual({
      code: 'ProviderDown',
      maybePaid: true,
      message: 'nothing came for 1 s in the middle of the answer',
    });
  });
});
