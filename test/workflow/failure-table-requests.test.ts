import { play, providerError, openFailureStage, type Row } from '../support/failure-rows.js';

const REASON = '400 the provider’s reason';

/** What no wait helps with: not tried again. The next model is asked at once; without one the call fails. */
const ROWS: Row[] = (
  [
    ['an invalid key', 'Unauthorized', providerError(401, { code: 'invalid_api_key' }), '401'],
    ['a key without the right', 'Unauthorized', providerError(403, { code: 'unsupported_country' }), '403'],
    [
      'no credit: OpenAI’s 429',
      'Unauthorized',
      providerError(429, { code: 'insufficient_quota' }, { 'retry-after': '5' }),
      '429',
    ],
    [
      'no credit: 402',
      'Unauthorized',
      providerError(402, { message: 'Insufficient credits' }),
      '402 Insufficient',
    ],
    ['an unknown model: OpenAI', 'BadRequest', providerError(404, { code: 'model_not_found' }), '404'],
    [
      'an unknown model: Ollama',
      'BadRequest',
      { status: 404, body: { error: { message: 'model "x" not found, try pulling it first' } } },
      '404 model "x" not found',
    ],
    [
      'an unknown model: Mistral',
      'BadRequest',
      { status: 400, body: { object: 'error', message: 'Invalid model: x', code: '1500' } },
      '400 Invalid model: x',
    ],
    [
      'a parameter that the model does not take',
      'BadRequest',
      providerError(400, { code: 'unsupported_parameter' }),
      REASON,
    ],
    ['a page that is not there', 'BadRequest', { status: 404, body: 'Not Found' }, '404 Not Found'],
    [
      'a context overflow: OpenAI',
      'ContextOverflow',
      providerError(400, { code: 'context_length_exceeded' }),
      REASON,
    ],
    [
      'a context overflow: vLLM',
      'ContextOverflow',
      {
        status: 400,
        body: {
          object: 'error',
          message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
          type: 'BadRequestError',
          code: 400,
        },
      },
      /^(solo: )?400 This model's maximum context length/,
    ],
    [
      'a context overflow: Anthropic',
      'ContextOverflow',
      {
        status: 400,
        body: {
          type: 'error',
          error: {
            type: 'invalid_request_error',
            message: 'prompt is too long: 210000 tokens > 200000 maximum',
          },
        },
      },
      '400 prompt is too long',
    ],
    [
      'a context overflow: Mistral',
      'ContextOverflow',
      {
        status: 400,
        body: { object: 'error', message: 'Prompt contains 40000 tokens, too large for model with 32768' },
      },
      '400 Prompt contains 40000 tokens',
    ],
    [
      'a context overflow: Gemini',
      'ContextOverflow',
      {
        status: 400,
        body: [
          {
            error: {
              code: 400,
              message:
                'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
              status: 'INVALID_ARGUMENT',
            },
          },
        ],
      },
      '400 The input token count',
    ],
    [
      'a 200 whose body is a context overflow',
      'ContextOverflow',
      { status: 200, body: { error: { code: 'context_length_exceeded', message: 'too long' } } },
      'too long',
    ],
  ] as const
).map(([when, code, reply, says]): Row => ({
  when,
  code,
  says,
  replies: [reply],
  asks: ['small', 'large'],
  ends: 'answer',
}));

describe('the failure table: a request that the provider does not take', () => {
  const stage = openFailureStage();
  afterAll(async () => (await stage).close());

  test.concurrent.each(ROWS)('$when: $code', async (row) => {
    await play(await stage, row);
  });

  test.concurrent('the failure names the model and the status', async () => {
    const it = (await stage).case('details;');
    it.replies(providerError(401));
    expect(await it.ask('solo')).toMatchObject({ details: { model: 'small', status: 401 } });
  });
});
