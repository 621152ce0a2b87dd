import { pricedCall } from '../support/priced-answer.js';
import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/agents/index.js';
import { openStage } from '../support/stage.js';

const plain = { description: 'Answers', instructions: 'You answer.', input: z.string() };
const find = defineTool({
  description: 'Finds',
  input: z.object({ key: z.string() }),
  effect: 'read',
  run: ({ key }) => key,
});
const agents = {
  find,
  pair: defineAgent({ ...plain, model: ['small', 'large'] }),
  solo: defineAgent({ ...plain, model: 'small' }),
  counter: defineAgent({ ...plain, model: ['small', 'large'], output: z.object({ n: z.number() }) }),
  finder: defineAgent({ ...plain, model: 'small', tools: { find }, limits: { turns: 3 } }),
  unpriced: defineAgent({ ...plain, model: 'free' }),
  pinned: defineAgent({ ...plain, model: 'small', tools: { find }, pin: true }),
};

const stage = openStage(agents, (model) => ({
  ...model.models('small', 'large'),
  free: { model: 'free', baseUrl: model.url },
}));

describe('an agent call', () => {
  afterAll(async () => (await stage).close());

  const scene = async (name: string) => (await stage).case(`case ${name};`);

  describe('InputInvalid and LimitReached', () => {
    test.concurrent('a wrong input asks no model', async () => {
      const it = await scene('input');
      const outcome = await it.ask('pair', { input: { text: 'case input;' } });
      expect(outcome).toMatchObject({
        code: 'InputInvalid',
        message: expect.stringMatching(/^pair: input of agent "pair": ✖ Invalid input: expected string/),
      });
      expect(it.arrivals).toEqual([]);
    });

    test.concurrent('an agent that goes round is stopped at its limit of turns', async () => {
      const it = await scene('turns');
      const call = { calls: [{ tool: 'find', args: { key: 'a' } }] };
      it.replies(call, call, call);
      expect(await it.ask('finder')).toMatchObject({
        code: 'LimitReached',
        message: 'finder: agent "finder" took 3 turns without an output',
      });
      expect(it.arrivals).toHaveLength(3);
    });
  });

  describe('BudgetExceeded and PriceUnknown', () => {
    test.concurrent.each([
      ['money', { usd: 0.001 }, /may cost \$0\.00\d\d, and \$0\.0010 is left/],
      ['tokens', { tokens: 1000 }, /may cost \d{4} tokens, and 1000 tokens is left/],
      ['nothing at all', { usd: 0 }, /\$0\.0000 is left/],
    ])('a budget of %s that is too small asks no model', async (name, budget, message) => {
      const it = await scene(`budget ${name}`);
      expect(await it.ask('solo', {}, { budget })).toMatchObject({
        code: 'BudgetExceeded',
        message: expect.stringMatching(message),
      });
      expect(await it.ask('solo', { options: { budget } })).toMatchObject({ code: 'BudgetExceeded' });
      expect(it.arrivals).toEqual([]);
    });

    test.concurrent('a budget bounds the answer, and is quoted before each turn', async () => {
      const it = await scene('budget enough');
      it.replies({ calls: [{ tool: 'find', args: { key: 'a' } }] }, 'fine');
      expect((await it.ask('finder', {}, { budget: { usd: 0.05 } })).result?.output).toBe('fine');
      expect(it.arrivals.map(({ request }) => request.max_completion_tokens)).toEqual([4096, 4096]);
    });

    test.concurrent('a budget that ends between two turns stops the call there', async () => {
      const it = await scene('budget between');
      it.replies(pricedCall('find', { key: 'a' }));
      // An answer of 4,096 tokens may cost $0.0082: after one of $0.0011 not enough is left for another.
      expect(await it.ask('finder', {}, { budget: { usd: 0.009 } })).toMatchObject({
        code: 'BudgetExceeded',
      });
      expect(it.arrivals).toHaveLength(1);
    });

    test.concurrent('a model without a price is refused under a budget of money only', async () => {
      const it = await scene('price');
      expect(await it.ask('unpriced', {}, { budget: { usd: 1 } })).toMatchObject({
        code: 'PriceUnknown',
        message: 'unpriced: model "free" (free)',
      });
      expect(it.arrivals).toEqual([]);
      it.replies('fine');
      expect((await it.ask('unpriced', {}, { budget: { tokens: 100_000 } })).result).toMatchObject({
        output: 'fine',
        cost: 0,
      });
    });
  });

  describe('options of a call', () => {
    test.concurrent('name other models, with their own order of fall-back', async () => {
      const it = await scene('override');
      it.replies({ status: 401 }, 'fine');
      const { result } = await it.ask('solo', { options: { model: ['large', 'free'] } });
      expect(result).toMatchObject({ output: 'fine', agent: { model: 'free' } });
      expect(it.asked).toEqual(['large', 'free']);
    });

    test.concurrent('that name a model that the worker lacks fail the call', async () => {
      const it = await scene('override unknown');
      expect(await it.ask('solo', { options: { model: 'huge' } })).toMatchObject({
        code: 'BadRequest',
        message: 'solo: this worker has no model "huge" for agent "solo"',
      });
    });

    test.concurrent('go on with an earlier transcript, also of another agent', async () => {
      const it = await scene('transcript');
      it.replies('one', { json: { n: 2 } });
      const run = await (
        await stage
      ).baton.start('askOn', [
        { agent: 'solo', input: 'case transcript; first' },
        { agent: 'counter', input: 'second', options: { context: { note: 'third' } } },
      ]);
      await run.result();
      expect(it.arrivals[1]?.request.messages.map(({ content }) => content)).toEqual([
        'You answer.',
        'case transcript; first',
        'one',
        '{"note":"third"}',
        'second',
      ]);
    });

    test.concurrent(
      'that go on with one transcript twice at once, or from before its end: TranscriptBusy',
      async () => {
        const it = await scene('busy');
        it.replies('one', 'two');
        const run = await (await stage).baton.start('askTwiceAtOnce', { agent: 'solo', input: 'case busy;' });
        expect(await run.result()).toEqual([
          'answered',
          'TranscriptBusy: another call is going on in transcript 1',
          'TranscriptBusy: transcript 1 has gone on since: 4 messages, not 2',
        ]);
      },
    );
  });

  test.concurrent('a pinned agent says its version to every turn after the first', async () => {
    const it = await scene('pin');
    it.replies({ calls: [{ tool: 'find', args: { key: 'a' } }] }, 'fine');
    const run = await it.start('pinned');
    const { agent } = await run.result();
    const { baton } = await stage;
    const history = await baton.client.workflow.getHandle(run.id).fetchHistory();
    const inputs = (history.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'baton_turn'
        ? [JSON.parse(Buffer.from(scheduled.input?.payloads?.[0]?.data ?? []).toString()) as object]
        : [],
    );
    expect(inputs).toHaveLength(2);
    expect(inputs[0]).not.toHaveProperty('version');
    expect(inputs[1]).toMatchObject({ version: agent.version });
  });
});
