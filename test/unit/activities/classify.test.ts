import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { AnswerError } from '../../../src/activities/models/answer-error.js';
import { classify } from '../../../src/activities/models/classify.js';
import { withReason } from '../../../src/activities/models/error-body.js';
import { toFailure } from '../../../src/activities/models/to-failure.js';

/** An error as the openai package makes it of a failed request. */
function failed(status: number, body: object | string, headers: Record<string, string> = {}) {
  const text = withReason(typeof body === 'string' ? body : JSON.stringify(body));
  const json = text.startsWith('{') ? (JSON.parse(text) as object) : undefined;
  return APIError.generate(status, json, json ? undefined : text, new Headers(headers));
}

const error = (fields: object) => ({ error: { message: 'why', ...fields } });

describe('classify', () => {
  it.each([
    ['a rate limit', failed(429, error({ code: 'rate_limit_exceeded' })), 'RateLimited'],
    ['a rate limit without a body', failed(429, ''), 'RateLimited'],
    [
      'AWS asking to slow down',
      failed(429, { message: 'Too many tokens, please wait before trying again.' }),
      'RateLimited',
    ],
    [
      'a request over the limit of a minute',
      failed(429, error({ message: 'Request too large. The input or output tokens must be reduced' })),
      'ContextOverflow',
    ],
    ['an empty account', failed(429, error({ code: 'insufficient_quota' })), 'Unauthorized'],
    ['an empty account by its type', failed(429, error({ type: 'insufficient_quota' })), 'Unauthorized'],
    ['payment required', failed(402, error({ message: 'Insufficient Balance' })), 'Unauthorized'],
    ['a wrong key', failed(401, error({ code: 'invalid_api_key' })), 'Unauthorized'],
    ['a forbidden country', failed(403, error({ code: 'unsupported_country' })), 'Unauthorized'],
    ['flagged input', failed(403, error({ message: 'Your input was flagged' })), 'Refused'],
    ['a content filter', failed(400, error({ code: 'content_filter' })), 'Refused'],
    ['an unsafe prompt', failed(400, error({ code: 'invalid_prompt' })), 'Refused'],
    ['OpenAI: too long', failed(400, error({ code: 'context_length_exceeded' })), 'ContextOverflow'],
    [
      'vLLM: too long',
      failed(400, { message: "This model's maximum context length is 4096 tokens.", code: 400 }),
      'ContextOverflow',
    ],
    [
      'Mistral: too long',
      failed(400, { message: 'Prompt contains 40000 tokens, too large for model with 32768' }),
      'ContextOverflow',
    ],
    [
      'Anthropic: too long',
      failed(400, error({ message: 'prompt is too long: 210000 tokens > 200000 maximum' })),
      'ContextOverflow',
    ],
    [
      'llama.cpp: too long',
      failed(400, error({ message: 'the request exceeds the available context size' })),
      'ContextOverflow',
    ],
    [
      'Gemini: too long',
      failed(400, [error({ message: 'The input token count exceeds the maximum number of tokens' })]),
      'ContextOverflow',
    ],
    [
      'xAI: too long',
      failed(400, {
        error: "This model's maximum prompt length is 131072 but the request contains 136973 tokens.",
      }),
      'ContextOverflow',
    ],
    [
      'Bedrock: too long',
      failed(400, error({ message: 'Input is too long for requested model.' })),
      'ContextOverflow',
    ],
    [
      'older vLLM: too long',
      failed(400, { message: 'The prompt (total length 25938) is too long to fit into the model' }),
      'ContextOverflow',
    ],
    [
      'LM Studio: too long',
      failed(400, {
        error: 'Trying to keep the first 9 tokens. Try to load the model with a larger context length',
      }),
      'ContextOverflow',
    ],
    ['an unknown parameter', failed(400, error({ code: 'unsupported_parameter' })), 'BadRequest'],
    ['an unknown model', failed(404, error({ code: 'model_not_found' })), 'BadRequest'],
    ['too large a body', failed(413, ''), 'BadRequest'],
    ['what cannot be processed', failed(422, { detail: 'n must be 1' }), 'BadRequest'],
    ['a server error', failed(500, error({})), 'ProviderDown'],
    ['a gateway', failed(502, '<html>bad gateway</html>'), 'ProviderDown'],
    ['too much load', failed(529, error({ type: 'overloaded_error' })), 'ProviderDown'],
    ['a request time-out', failed(408, ''), 'ProviderDown'],
    ['a conflict', failed(409, ''), 'ProviderDown'],
    ['a lost connection', new APIConnectionError({ message: 'lost' }), 'ProviderDown'],
    ['silence', new APIConnectionTimeoutError(), 'ProviderDown'],
    ['an abort', new APIUserAbortError(), 'ProviderDown'],
    ['a truncated body', new SyntaxError('Unexpected end of JSON input'), 'ProviderDown'],
    ['anything else', new Error('odd'), 'ProviderDown'],
    ['what is no error at all', 'odd', 'ProviderDown'],
    ['a 200 that claims a 429', new AnswerError({ code: 429, message: 'slow down' }), 'RateLimited'],
    ['a 200 that claims a 502', new AnswerError({ status: 502 }), 'ProviderDown'],
    ['a 200 with a reason only', new AnswerError({ code: 'context_length_exceeded' }), 'ContextOverflow'],
    ['a 200 with some text as error', new AnswerError('no capacity'), 'ProviderDown'],
  ])('tells what %s means', (_, thrown, code) => {
    expect(classify(thrown).code).toBe(code);
  });

  it.each<[string, string | object, string]>([
    ['OpenAI', error({ message: 'the reason' }), '400 the reason'],
    ['Mistral', { object: 'error', message: 'the reason', code: '1500' }, '400 the reason'],
    ['Mistral, of fields', { message: { detail: ['the reason'] } }, '400 {"detail":["the reason"]}'],
    ['FastAPI', { detail: 'the reason' }, '400 the reason'],
    ['Gemini', [error({ message: 'the reason' })], '400 the reason'],
    ['Ollama', { error: 'the reason' }, '400 the reason'],
    ['OpenRouter', error({ metadata: { raw: 'the reason' } }), '400 why: the reason'],
    ['an unknown one', { reason: 'the reason' }, '400 {"reason":"the reason"}'],
    ['a proxy', 'the reason', '400 the reason'],
    ['one that says nothing', '', '400 status code (no body)'],
    ['one with an empty list', '[]', '400 []'],
  ])('keeps the message of %s', (_, body, message) => {
    expect(classify(failed(400, body)).message).toBe(message);
  });

  it('keeps a web page out of the history', () => {
    expect(classify(failed(502, `<html>${'x'.repeat(50_000)}`)).message).toHaveLength(1001);
  });

  it('says what a connection failed of', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(classify(new APIConnectionError({ cause })).message).toBe(
      'Connection error.: connect ECONNREFUSED (ECONNREFUSED)',
    );
  });
});

describe('the wait that a provider asks for', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

  it.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '1', 'retry-after-ms': '0' }, 1000],
    [{ 'retry-after': '1', 'retry-after-ms': '1500.2' }, 1501],
    [{ 'retry-after-ms': '250' }, 250],
    // No wait at all, for ever, would be a loop: Temporal's back-off holds.
    [{ 'retry-after': '0' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': ' ' }, undefined],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, undefined],
    [{ 'retry-after': '1e30' }, 7 * 24 * 60 * 60 * 1000],
  ])('%j is %p ms', (headers, wait) => {
    expect(classify(failed(429, error({}), headers)).retryAfter).toBe(wait);
  });

  it('may be a date', () => {
    const wait = classify(failed(429, error({}), { 'retry-after': inSeconds(5) })).retryAfter;
    expect(wait).toBeGreaterThan(3000);
    expect(wait).toBeLessThanOrEqual(5000);
  });

  it('is half a minute at most where the provider is down, and none where waiting does not help', () => {
    expect(classify(failed(503, '', { 'retry-after': '3' })).retryAfter).toBe(3000);
    expect(classify(failed(503, '', { 'retry-after': '3600' })).retryAfter).toBe(30_000);
    expect(classify(failed(400, '', { 'retry-after': '3' }))).not.toHaveProperty('retryAfter');
  });
});

describe('toFailure', () => {
  const call = (down: number) => ({
    countDown: () => down,
    signal: new AbortController().signal,
    details: { model: 'small', next: 1 },
  });

  it('carries code, delay and what the workflow must know', () => {
    expect(toFailure(failed(429, error({}), { 'retry-after': '2' }), call(1))).toMatchObject({
      type: 'RateLimited',
      message: '429 why',
      nonRetryable: false,
      nextRetryDelay: 2000,
      details: [{ model: 'small', next: 1, status: 429 }],
    });
  });

  it.each([
    [503, 1, false],
    [503, 2, false],
    [503, 3, true],
    [429, 9, false],
    [401, 1, true],
    [400, 1, true],
  ])(
    'of status %i, with the provider down for the %ith time: final is %p',
    (status, attempt, nonRetryable) => {
      expect(toFailure(failed(status, ''), call(attempt))).toMatchObject({ nonRetryable });
    },
  );

  it('is the cancellation itself where the attempt was cancelled', () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    controller.abort(reason);
    expect(toFailure(new APIUserAbortError(), { ...call(1), signal: controller.signal })).toBe(reason);
  });
});
