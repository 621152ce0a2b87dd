import {
  play,
  providerError,
  openFailureStage,
  failuresOf,
  until,
  type Row,
} from '../support/failure-rows.js';
import { outcomeOf } from '../support/stage.js';

const tooMany = (headers: Record<string, string> = {}) => providerError(429, {}, headers);
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
/** Failures that ask for a short wait, so that many of them take no time. */
const soon = { 'retry-after-ms': '150' };
const [limited, down] = [tooMany(soon), providerError(500, {}, soon)];
const thrice = (reply: Row['replies'][number]) => [reply, reply, reply];
const SMALL_THRICE = ['small', 'small', 'small'] as const;

/** Retried after the wait that the provider asks for, for as long as the turn may take. */
const RATE_LIMITED: Row[] = [
  ...(
    [
      ['in seconds', () => ({ 'retry-after': '2' }), 2000],
      ['as a date', () => ({ 'retry-after': inSeconds(3) }), 2000],
      ['in milliseconds', () => ({ 'retry-after-ms': '1700' }), 1700],
      ['contradicted by Retry-After-Ms: 0', () => ({ 'retry-after': '2', 'retry-after-ms': '0' }), 2000],
      ['absent: Temporal’s back-off', () => ({}), 900],
      ['of 0: Temporal’s back-off', () => ({ 'retry-after': '0' }), 900],
    ] as const
  ).map(([name, headers, least]): Row => ({
    when: `429, Retry-After ${name}`,
    replies: [() => tooMany(headers())],
    code: 'RateLimited',
    says: '429 the provider’s reason',
    asks: ['small', 'small'],
    ends: 'answer',
    waits: [least],
  })),
  {
    when: '429 time and again',
    replies: [limited, limited, limited, limited, limited],
    code: 'RateLimited',
    says: '429 the provider’s reason',
    asks: ['small', 'small', 'small', 'small', 'small', 'small'],
    ends: 'answer',
    waits: [150, 150, 150, 150, 150],
  },
  {
    when: '429 with a wait that is longer than the turn may take',
    replies: [tooMany({ 'retry-after': '3600' })],
    code: 'RateLimited',
    says: '429 the provider’s reason',
    asks: ['small', 'large'],
    ends: 'answer',
    placement: { timeout: '30 seconds' },
  },
  {
    when: '200, an error in the body that claims a 429',
    replies: [{ status: 200, body: { error: { code: 429, message: 'slow down' } } }],
    code: 'RateLimited',
    says: 'slow down',
    asks: ['small', 'small'],
    ends: 'answer',
  },
];

/** Tried three times, then the next model. */
const PROVIDER_DOWN: Row[] = [
  ...(
    [
      ['500', providerError(500), '500 the provider’s reason'],
      ['503 without JSON', { status: 503, body: 'busy' }, '503 busy'],
      ['529 overloaded', providerError(529, { type: 'overloaded_error' }), '529 the provider’s reason'],
      ['a reset before the answer', { reset: true }, /^(\w+: )?Connection error\..* \(ECONNRESET\)$/],
      ['a reset in the middle of the body', { cut: 'fine', then: 'reset' }, /terminated: read ECONNRESET/],
      ['200, JSON that is cut', { cut: 'fine', then: 'end' }, "the provider's answer is not valid JSON: "],
      ['200, no choices', { status: 200, body: { choices: [] } }, 'the answer has no choices'],
      ['200, an empty body', { status: 200, body: '' }, 'is not valid JSON'],
      [
        '200, a web page',
        { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
        '<html>',
      ],
      [
        '200, an error in the body',
        { status: 200, body: { error: { message: 'no capacity' } } },
        'no capacity',
      ],
      [
        '200, an error in the choice',
        { status: 200, body: { choices: [{ error: { code: 502, message: 'upstream' }, message: {} }] } },
        'upstream',
      ],
      [
        '200, a choice that ended by an error',
        { status: 200, body: { choices: [{ finish_reason: 'error', message: { content: 'fi' } }] } },
        'the answer ended by an error',
      ],
    ] as const
  ).map(([when, reply, says]): Row => ({
    when,
    replies: thrice(reply),
    code: 'ProviderDown',
    says,
    asks: [...SMALL_THRICE, 'large'],
    ends: 'answer',
    // Temporal's back-off: 1 s, then 2 s.
    waits: [900, 1900],
  })),
  {
    when: '500 once',
    replies: [providerError(500)],
    code: 'ProviderDown',
    says: '500 the provider’s reason',
    asks: ['small', 'small'],
    ends: 'answer',
  },
  {
    when: '503 that asks for a wait',
    replies: [providerError(503, {}, { 'retry-after': '2' })],
    code: 'ProviderDown',
    says: '503 the provider’s reason',
    asks: ['small', 'small'],
    ends: 'answer',
    waits: [2000],
  },
  {
    when: 'the headers, and then silence',
    replies: thrice({ hang: 'headers' }),
    code: 'ProviderDown',
    says: /small did not answer within [\d.]+ s$/,
    asks: [...SMALL_THRICE, 'large'],
    ends: 'answer',
    placement: { attemptTimeout: '3 seconds' },
    waits: [2000, 2000],
  },
  {
    when: 'half of the body, and then silence',
    replies: [{ cut: 'fine', then: 'silence' }],
    code: 'ProviderDown',
    says: /small did not answer within [\d.]+ s$/,
    asks: ['small', 'small'],
    ends: 'answer',
    placement: { attemptTimeout: '2 seconds' },
    waits: [1000],
  },
];

describe('the failure table: a provider that asks to slow down, or is down', () => {
  const stage = openFailureStage();
  afterAll(async () => (await stage).close());

  test.concurrent.each([...RATE_LIMITED, ...PROVIDER_DOWN])('$when: $code', async (row) => {
    await play(await stage, row);
  });

  test.concurrent('429s are not among the three tries of a provider that is down', async () => {
    const it = (await stage).case('mixed;');
    // In the third and fifth attempt; only the last of them is the third try.
    it.replies(limited, limited, down, limited, down, limited, down, 'fine');
    const run = await it.start('pair');
    expect((await run.result()).agent.model).toBe('large');
    expect(it.asked).toEqual([...Array<string>(7).fill('small'), 'large']);
    expect((await failuresOf((await stage).baton, run.id)).map(({ code }) => code)).toEqual([
      'RateLimited',
      'ProviderDown',
    ]);
  });

  test.concurrent('a refused connection: the next model, else ProviderDown', async () => {
    const it = (await stage).case('nowhere;');
    it.replies('fine');
    expect((await it.ask('offline')).result).toMatchObject({ output: 'fine', agent: { model: 'large' } });
    expect(await it.ask('offlineOnly')).toMatchObject({
      code: 'ProviderDown',
      message: expect.stringMatching(/^offlineOnly: Connection error\..* \(ECONNREFUSED\)$/),
    });
    expect(it.asked).toEqual(['large']);
  });

  test.concurrent(
    'silence for longer than the heartbeat time-out: the worker’s heartbeats go on',
    async () => {
      const it = (await stage).case('long silence;');
      it.replies({ hang: 'headers' }, 'fine');
      const run = await it.start('solo', { placement: { attemptTimeout: '9 seconds' } });
      expect((await run.result()).output).toBe('fine');
      expect(it.asked).toEqual(['small', 'small']);
      expect(it.gaps[0]).toBeGreaterThan(7000);
      // Without heartbeats Temporal would have ended the attempt after 5 s, with a failure of its own.
      expect(await failuresOf((await stage).baton, run.id)).toEqual([
        {
          code: 'ProviderDown',
          message: expect.stringMatching(/^small did not answer within [78][\d.]* s$/),
        },
      ]);
    },
  );

  test.concurrent.each([
    ['nothing', 'solo', { hang: true }],
    ['the headers', 'solo', { hang: 'headers' }],
    ['half of the body', 'solo', { cut: 'fine', then: 'silence' }],
    ['half of a stream', 'soloStream', { cut: 'fine', then: 'silence' }],
  ] as const)(
    'cancelling the run closes the connection of a model that hangs after %s',
    async (what, agent, reply) => {
      const it = (await stage).case(`cancelled after ${what};`);
      it.replies(reply);
      const run = await it.start(agent);
      await until(() => it.arrivals.length > 0);
      await run.cancel();
      await expect(outcomeOf(run)).rejects.toThrow(/cancelled/i);
      expect(await run.status()).toBe('CANCELLED');
      // The server sees it, long before the time-outs of 2 minutes and, in a stream, of 1.
      await until(() => it.arrivals[0]?.abandoned ?? false);
    },
  );
});
