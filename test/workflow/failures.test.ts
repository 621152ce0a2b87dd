import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/agents/index.js';
import { openStage } from '../support/stage.js';

const plain = { description: 'Answers', instructions: 'You answer.', input: z.string() };
const Answer = z.object({ n: z.number() });
let found = 0;
const find = defineTool({
  description: 'Finds',
  input: z.object({ key: z.string() }),
  effect: 'read',
  run: ({ key }) => {
    found++;
    return key;
  },
});
const agents = {
  find,
  pair: defineAgent({ ...plain, model: ['small', 'large'] }),
  solo: defineAgent({ ...plain, model: 'small' }),
  counter: defineAgent({ ...plain, model: ['small', 'large'], output: Answer }),
  soloCounter: defineAgent({ ...plain, model: 'small', output: Answer }),
  finder: defineAgent({ ...plain, model: 'small', tools: { find }, limits: { turns: 3 } }),
  offline: defineAgent({ ...plain, model: ['nowhere', 'large'] }),
};

const stage = openStage(agents, (model) => ({
  ...model.models('small', 'large'),
  // The discard port: nothing listens there.
  nowhere: { model: 'nowhere', baseUrl: 'http://127.0.0.1:9/v1' },
}));

const openAiError = (status: number, fields: object, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: { error: { message: 'the provider’s reason', ...fields } },
});
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

describe('a failed model call', () => {
  afterAll(async () => (await stage).close());

  const scene = async (name: string) => (await stage).case(`case ${name};`);

  describe('RateLimited', () => {
    test.concurrent.each<[string, () => Record<string, string>, number, number]>([
      ['seconds', () => ({ 'retry-after': '2' }), 2000, 4000],
      ['a date', () => ({ 'retry-after': inSeconds(3) }), 2000, 5000],
      ['milliseconds', () => ({ 'retry-after-ms': '1700' }), 1700, 3700],
      ['Azure’s contradiction', () => ({ 'retry-after': '2', 'retry-after-ms': '0' }), 2000, 4000],
      ['nothing', () => ({}), 1000, 3000],
      ['no wait', () => ({ 'retry-after': '0' }), 1000, 3000],
    ])('is tried again after the wait that the provider asks for: %s', async (name, headers, least, most) => {
      const it = await scene(`429 ${name}`);
      it.replies(() => openAiError(429, {}, headers()), 'fine');
      expect((await it.ask('pair')).result?.output).toBe('fine');
      expect(it.asked).toEqual(['small', 'small']);
      expect(it.gaps[0]).toBeGreaterThanOrEqual(least);
      expect(it.gaps[0]).toBeLessThan(most);
    });

    test.concurrent('goes to the next model where the wait is longer than the turn may take', async () => {
      const it = await scene('429 long');
      it.replies(openAiError(429, {}, { 'retry-after': '3600' }), 'fine');
      const { result } = await it.ask('pair', { placement: { timeout: '30 seconds' } });
      expect(result).toMatchObject({ output: 'fine', agent: { model: 'large' } });
      expect(it.gaps[0]).toBeLessThan(2000);
    });

    test.concurrent('fails the call with the provider’s message where there is no other model', async () => {
      const it = await scene('429 alone');
      it.replies(openAiError(429, {}, { 'retry-after': '3600' }));
      const outcome = await it.ask('solo', { placement: { timeout: '30 seconds' } });
      expect(outcome).toMatchObject({
        code: 'RateLimited',
        message: 'solo: 429 the provider’s reason',
        details: { model: 'small', status: 429 },
      });
    });
  });

  describe('ProviderDown', () => {
    test.concurrent.each([
      ['500', openAiError(500, {})],
      ['503', { status: 503, body: 'busy' }],
      ['a reset connection', { reset: true as const }],
      ['an error in a 200', { status: 200, body: { error: { message: 'no capacity' } } }],
      ['no choices', { status: 200, body: { choices: [] } }],
      ['a truncated body', { status: 200, body: '{"choices":[{"message":{"con' }],
    ])('by %s is tried three times, then the next model is asked', async (name, reply) => {
      const it = await scene(`down ${name}`);
      it.replies(reply, reply, reply, 'fine');
      const { result } = await it.ask('pair');
      expect(result).toMatchObject({ output: 'fine', agent: { model: 'large' } });
      expect(it.asked).toEqual(['small', 'small', 'small', 'large']);
      // Temporal's back-off: 1 s, then 2 s.
      expect(it.gaps[0]).toBeGreaterThanOrEqual(900);
      expect(it.gaps[1]).toBeGreaterThanOrEqual(1900);
    });

    test.concurrent('by a refused connection goes on to the next model', async () => {
      const it = await scene('refused');
      it.replies('fine');
      expect((await it.ask('offline')).result).toMatchObject({ output: 'fine', agent: { model: 'large' } });
    });

    test.concurrent('that passes is not felt', async () => {
      const it = await scene('500 once');
      it.replies(openAiError(500, {}), 'fine');
      expect((await it.ask('pair')).result).toMatchObject({ output: 'fine', agent: { model: 'small' } });
    });

    test.concurrent('fails the call where there is no other model', async () => {
      const it = await scene('500 alone');
      it.replies(openAiError(500, {}), openAiError(500, {}), openAiError(500, {}));
      expect(await it.ask('solo')).toMatchObject({
        code: 'ProviderDown',
        message: 'solo: 500 the provider’s reason',
        details: { status: 500 },
      });
    });

    test.concurrent.each<['nothing' | 'half', { hang: true | 'body' }]>([
      ['nothing', { hang: true }],
      ['half', { hang: 'body' }],
    ])('by silence after %s of the answer is given up in time and tried again', async (name, reply) => {
      const it = await scene(`hang ${name}`);
      it.replies(reply, 'fine');
      const { result } = await it.ask('pair', { placement: { attemptTimeout: 1234 } });
      expect(result).toMatchObject({ output: 'fine', agent: { model: 'small' } });
      expect(it.arrivals[0]?.abandoned).toBe(true);
      expect(it.gaps[0]).toBeGreaterThan(1100);
    });
  });

  describe('Unauthorized, BadRequest and ContextOverflow', () => {
    test.concurrent.each([
      ['Unauthorized', openAiError(401, { code: 'invalid_api_key' })],
      ['Unauthorized', openAiError(429, { code: 'insufficient_quota' }, { 'retry-after': '5' })],
      ['BadRequest', openAiError(404, { code: 'model_not_found' })],
      ['BadRequest', openAiError(400, { code: 'unsupported_parameter' })],
      ['ContextOverflow', openAiError(400, { code: 'context_length_exceeded' })],
    ])('%s goes to the next model at once, else fails the call (%j)', async (code, reply) => {
      const it = await scene(`pair ${code} ${reply.status}`);
      it.replies(reply, 'fine');
      expect((await it.ask('pair')).result).toMatchObject({ output: 'fine', agent: { model: 'large' } });
      expect(it.gaps[0]).toBeLessThan(900);

      const alone = await scene(`solo ${code} ${reply.status}`);
      alone.replies(reply);
      expect(await alone.ask('solo')).toMatchObject({
        code,
        message: `solo: ${reply.status} the provider’s reason`,
        details: { model: 'small', status: reply.status },
      });
    });
  });

  describe('Refused', () => {
    test.concurrent.each([
      ['a refusal', { refusal: 'I cannot help with that.' }, 'pair: I cannot help with that.'],
      [
        'a filtered answer',
        { text: 'So', finish: 'content_filter' },
        /^pair: stopped by the provider's content/,
      ],
      ['a filtered question', openAiError(400, { code: 'content_filter' }), /the provider’s reason/],
    ])('by %s is not tried again, nor with another model', async (name, reply, message) => {
      const it = await scene(name);
      it.replies(reply);
      expect(await it.ask('pair')).toMatchObject({
        code: 'Refused',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      });
      expect(it.asked).toEqual(['small']);
    });
  });

  describe('OutputInvalid', () => {
    test.concurrent('is repaired', async () => {
      const it = await scene('repair');
      it.replies({ json: { n: 'one' } }, 'one!', { json: { n: 1 } });
      expect((await it.ask('counter')).result).toMatchObject({ output: { n: 1 }, agent: { model: 'small' } });
      expect(it.lastOf(1)).toContain('expected number, received string');
      expect(it.lastOf(2)).toContain('not valid JSON');
    });

    test.concurrent('goes to the next model after two repairs', async () => {
      const it = await scene('no repair');
      it.replies('a', 'b', 'c', { json: { n: 1 } });
      expect((await it.ask('counter')).result).toMatchObject({ output: { n: 1 }, agent: { model: 'large' } });
      expect(it.asked).toEqual(['small', 'small', 'small', 'large']);
    });

    test.concurrent('fails the call where there is no other model, and counts what it cost', async () => {
      const it = await scene('no repair at all');
      it.replies('a', 'b', 'c');
      expect(await it.ask('soloCounter')).toMatchObject({
        code: 'OutputInvalid',
        message: 'soloCounter: The answer is not valid JSON.',
        details: { usage: { output: expect.any(Number) }, cost: expect.any(Number) },
      });
    });

    test.concurrent('of an empty text is repaired, without an empty message', async () => {
      const it = await scene('empty');
      it.replies('', 'fine');
      expect((await it.ask('solo')).result?.output).toBe('fine');
      expect(it.arrivals[1]?.request.messages.map(({ role }) => role)).toEqual(['system', 'user', 'user']);
      expect(it.lastOf(1)).toMatch(/^The answer is empty/);
    });

    test.concurrent('by the limit of tokens runs none of the message’s calls', async () => {
      const it = await scene('length');
      it.replies({ calls: [{ tool: 'find', args: { key: 'length' } }], finish: 'length' });
      const before = found;
      expect(await it.ask('finder')).toMatchObject({
        code: 'OutputInvalid',
        message: 'finder: the answer was cut at the limit of its tokens',
      });
      expect(found).toBe(before);
    });
  });

  describe('cost', () => {
    test.concurrent('of a result includes what failed models were paid', async () => {
      const it = await scene('paid');
      it.replies({ text: 'cut', finish: 'length' }, 'fine');
      const { result } = await it.ask('pair');
      const sent = it.arrivals.map(({ request }) => Math.ceil(JSON.stringify(request.messages).length / 4));
      expect(result?.usage.input).toBe(sent.reduce((sum, tokens) => sum + tokens, 0));
    });
  });

  describe('cancellation', () => {
    test.concurrent('of the run closes the connection to a model that hangs', async () => {
      const it = await scene('cancel');
      it.replies({ hang: true });
      const run = await it.start('solo');
      while (it.arrivals.length === 0) await pause(50);
      const started = Date.now();
      await run.cancel();
      await expect(run.result()).rejects.toThrow(/cancelled/i);
      expect(await run.status()).toBe('CANCELLED');
      expect(Date.now() - started).toBeLessThan(2000);
      while (!it.arrivals[0]?.abandoned) await pause(50);
      expect(Date.now() - started).toBeLessThan(5000);
    });
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
