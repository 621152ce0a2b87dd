import { answerTo, called, response, said, thought } from './response-items.js';

const itemsOf = (message: unknown) => (message as { opaque?: { items: unknown[] } }).opaque?.items;

describe('a response', () => {
  it.each<[string, unknown, object]>([
    [
      'with all that OpenAI sends',
      response([said('hi')], {
        usage: {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 4 },
          output_tokens: 8,
          output_tokens_details: { reasoning_tokens: 5 },
          total_tokens: 18,
        },
      }),
      {
        message: { role: 'assistant', text: 'hi' },
        usage: { input: 10, cached: 4, output: 8, reasoning: 5 },
        finish: 'stop',
        offline: false,
      },
    ],
    [
      'without status and usage',
      { output: [said('hi')] },
      { message: { text: 'hi' }, usage: { input: 0, output: 0 } },
    ],
    ['with usage of null', response([said('hi')], { usage: null }), { usage: { input: 0, output: 0 } }],
    ['without items', response([]), { message: { role: 'assistant' }, finish: 'stop' }],
    ['with bare text', response([said('', { content: 'hi' })]), { message: { text: 'hi' } }],
    ['in two messages', response([said('h'), said('i')]), { message: { text: 'hi' } }],
    [
      'with items that are not known, or no objects',
      response([null, 'x', { type: 'web_search_call', id: 'ws_1' }, said('hi')]),
      { message: { role: 'assistant', text: 'hi' } },
    ],
    [
      'whose calls have no arguments, an object of them, or no name',
      response([called({ arguments: undefined }), called({ arguments: { a: 1 } }), called({ name: null })]),
      {
        message: {
          calls: [
            { tool: 'find', arguments: '' },
            { tool: 'find', arguments: '{"a":1}' },
            { tool: '', arguments: '{}' },
          ],
        },
      },
    ],
    [
      'that refuses',
      response([said('', { content: [{ type: 'refusal', refusal: 'No.' }] })]),
      { message: { role: 'assistant', refusal: 'No.' }, finish: 'stop' },
    ],
    [
      'cut at its limit',
      response([called()], { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
      { finish: 'length' },
    ],
    [
      'cut by a filter',
      response([], { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }),
      { finish: 'filter' },
    ],
    ['cut without a reason', response([called()], { status: 'incomplete' }), { finish: 'length' }],
    [
      'that failed',
      response([], { status: 'failed', error: { code: 'server_error', message: 'sorry' } }),
      { code: 'ProviderDown', message: 'sorry' },
    ],
    [
      'that failed for too many requests',
      response([], { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'slow down' } }),
      { code: 'RateLimited', message: 'slow down' },
    ],
    [
      'that failed for its prompt',
      response([], { status: 'failed', error: { code: 'invalid_prompt', message: 'flagged' } }),
      { code: 'Refused', message: 'flagged' },
    ],
    [
      'that failed without a word',
      response([], { status: 'failed', error: null }),
      { code: 'ProviderDown', message: 'the response ended as failed' },
    ],
    [
      'that was cancelled',
      response([], { status: 'cancelled' }),
      { message: 'the response ended as cancelled' },
    ],
    ['without output', response(undefined), { code: 'ProviderDown', message: 'the answer has no output' }],
    [
      'that is an error',
      { error: { code: 503, message: 'overloaded' } },
      { code: 'ProviderDown', status: 503, message: 'overloaded' },
    ],
    ['that is null', 'null', { code: 'ProviderDown', message: 'the answer is empty' }],
    ['without a body', '', { code: 'ProviderDown', message: 'the answer is empty' }],
    ['that is cut', '{"output":[{"ty', { code: 'ProviderDown', message: /is not a JSON object/ }],
  ])('%s', async (_, body, { message, ...expected }: { message?: unknown }) => {
    const answer = await answerTo(body);
    expect(answer).toMatchObject(expected);
    if (message instanceof RegExp) expect(answer.message).toMatch(message);
    else if (typeof message === 'string') expect(answer.message).toBe(message);
    else if (message) expect(answer.message).toEqual(expect.objectContaining(message));
  });

  it('is read where its media type is wrong', async () => {
    const answer = await answerTo(response([said('hi')]), { type: 'text/plain' });
    expect(answer).toMatchObject({ message: { text: 'hi' } });
  });

  it.each<[string, unknown[], unknown[] | undefined]>([
    [
      'reasoning before and between calls',
      [thought('a'), called(), called(), thought('b'), said('hi'), called()],
      [thought('a'), { calls: 2 }, thought('b'), { text: 2 }, { calls: 1 }],
    ],
    ['nothing where nothing was thought', [said('hi'), called()], undefined],
    [
      'reasoning without its status and empty fields',
      [thought('a', { status: 'completed', content: null, summary: undefined }), said('hi')],
      [thought('a'), { text: 2 }],
    ],
    [
      'reasoning that is not encrypted',
      [
        thought('a', { encrypted_content: null, content: [{ type: 'reasoning_text', text: 'hm' }] }),
        called(),
      ],
      [
        { type: 'reasoning', id: 'a', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
        { calls: 1 },
      ],
    ],
    [
      'no reasoning of which there is only an id',
      [thought('a', { encrypted_content: null }), called()],
      undefined,
    ],
    ['no reasoning that nothing follows', [said('hi'), thought('a')], undefined],
    ['no reasoning before an empty text', [thought('a'), said('')], undefined],
    [
      'the phase of a text',
      [said('hi', { phase: 'commentary' }), called()],
      [{ text: 2, phase: 'commentary' }, { calls: 1 }],
    ],
  ])('keeps %s', async (_, output, items) => {
    const { message } = await answerTo(response(output));
    expect(itemsOf(message)).toEqual(items);
  });

  it('is its final text, without what was said on the way', async () => {
    const output = [said('I count.', { phase: 'commentary' }), said('{"n":3}', { phase: 'final_answer' })];
    const { message } = await answerTo(response(output));
    expect(message).toMatchObject({ text: '{"n":3}' });
    expect(itemsOf(message)).toEqual([
      { type: 'message', role: 'assistant', content: 'I count.', phase: 'commentary' },
      { text: 7, phase: 'final_answer' },
    ]);
  });
});
