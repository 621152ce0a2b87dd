import { openStage } from '../support/stage.js';
import type { Orchestration, StartOptions } from '../../src/client.js';
import type { Reply } from '../../src/testing/index.js';
import { COST, pricedCall, pricedText } from '../support/priced-answer.js';
import * as agents from './fixtures/budget-agents.js';
import type * as workflows from './fixtures/budget-workflows.js';

const stage = openStage(
  agents,
  (model) => model.models('large', 'small', 'other'),
  new URL('./fixtures/budget-workflows.ts', import.meta.url),
);

async function start<Fn extends Orchestration>(
  name: string,
  input: Parameters<Fn>[0],
  options?: StartOptions,
) {
  return (await stage).baton.start<Fn>(name, input, options);
}

async function askedFor(part: string): Promise<string[]> {
  const { model } = await stage;
  return model.requests
    .filter((request) => JSON.stringify(request).includes(part))
    .map((request) => request.model);
}

describe('budgets', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('fifty agents at once spend what is there for twenty, and no more', async () => {
    const { model } = await stage;
    model.script({ when: /crowd \d+;/, times: Infinity, delay: 50, reply: pricedText('fine') });
    const items = Array.from({ length: 50 }, (_, place) => `crowd ${place};`);
    const run = await start<typeof workflows.crowd>('crowd', items, { budget: { usd: 20 * COST } });
    const { came, codes } = await run.result();
    const served = (await askedFor('crowd ')).length;
    expect(served).toBe(came);
    expect(served * COST).toBeLessThanOrEqual(20 * COST);
    // A turn reserves what it may cost at most, twice of what it does: the last one is not begun.
    expect(came).toBeGreaterThanOrEqual(18);
    expect(codes).toEqual(Array.from({ length: 50 - came }, () => 'BudgetExceeded'));
    const { totals, notes, moreNotes } = await run.trace();
    expect(totals.cost).toBeCloseTo(served * COST, 8);
    expect(notes.every(({ kind, code }) => kind === 'missing' && code === 'BudgetExceeded')).toBe(true);
    expect(notes.length + (moreNotes ?? 0)).toBe(50 - came);
  });

  test.concurrent('from a soft limit on the cheaper model answers, and says so', async () => {
    const { model } = await stage;
    model.script(
      { when: 'soft;', times: 3, reply: pricedCall('look', { at: 'x' }) },
      { when: 'soft;', reply: pricedText('done') },
    );
    const run = await start<typeof workflows.works>('works', 'soft;', {
      budget: { usd: 1, soft: { usd: 1.5 * COST } },
    });
    const { output, agent, notes } = await run.result();
    expect({ output, model: agent.model }).toEqual({ output: 'done', model: 'small' });
    expect(await askedFor('soft;')).toEqual(['large', 'large', 'small', 'small']);
    expect(notes).toEqual([
      expect.objectContaining({ kind: 'cheaper', at: 'worker.1', instead: 'small answers from now on' }),
    ]);
    expect(await run.notes()).toEqual(notes);
  });

  test.concurrent('a soft limit needs no hard one, and its models fall back as others do', async () => {
    const { model } = await stage;
    model.script(
      {
        when: ({ model: name, messages }) =>
          name === 'small' && JSON.stringify(messages).includes('soft only;'),
        reply: { status: 401 },
      },
      { when: 'soft only;', reply: pricedText('done') },
    );
    const run = await start<typeof workflows.works>('works', 'soft only;', { budget: { soft: { usd: 0 } } });
    const { agent, notes } = await run.result();
    expect(agent.model).toBe('large');
    expect(notes.map(({ kind, instead }) => [kind, instead])).toEqual([
      ['model', 'large answered instead of small'],
      ['cheaper', 'large answers from now on'],
    ]);
  });

  test.concurrent('a losing child tells what it has spent, and gives the rest back', async () => {
    const { model } = await stage;
    model.script(
      { when: 'loses; first', reply: pricedText('one') },
      { when: 'loses; second', reply: { hang: true } },
      { when: 'wins;', delay: 1_500, reply: pricedText('won') },
    );
    const run = await start<typeof workflows.loser>('loser', 'loses;|wins;', { budget: { usd: 0.1 } });
    const { left, unconfirmed } = await run.result();
    // Two answers are confirmed; the call that was given up may have cost what it had reserved.
    expect(unconfirmed).toBeGreaterThan(0);
    expect(unconfirmed).toBeLessThan(0.003);
    expect(left).toBeCloseTo(0.1 - 2 * COST - unconfirmed, 8);
  });

  test.concurrent(
    'an answer that breaks off may be charged: it is unconfirmed, and the tries are counted on',
    async () => {
      const { model } = await stage;
      const cut: Reply = { cut: 'never read', then: 'reset' };
      model.script(
        {
          when: ({ model: name, messages }) =>
            name === 'large' && JSON.stringify(messages).includes('broken;'),
          times: 3,
          reply: cut,
        },
        { when: 'broken;', reply: pricedText('done') },
      );
      const run = await start<typeof workflows.works>('works', 'broken;', { budget: { usd: 1 } });
      const { agent, notes } = await run.result();
      expect(await askedFor('broken;')).toEqual(['large', 'large', 'large', 'other']);
      expect(agent.model).toBe('other');
      expect(notes).toMatchObject([{ kind: 'model', code: 'ProviderDown' }]);
      const { totals } = await run.trace();
      expect(totals.cost).toBeCloseTo(COST, 8);
      expect(totals.unconfirmed.calls).toBe(3);
      expect(totals.unconfirmed.usd).toBeGreaterThan(3 * 0.002);
    },
  );

  test.concurrent('an answer whose tokens nobody counted may have cost what was reserved', async () => {
    const { model } = await stage;
    const message = { role: 'assistant', content: 'done' };
    const body = { choices: [{ index: 0, message, finish_reason: 'stop' }] };
    model.script({ when: /uncounted \d+;/, times: Infinity, reply: { status: 200, body } });
    const items = Array.from({ length: 20 }, (_, place) => `uncounted ${place};`);
    const run = await start<typeof workflows.crowd>('crowd', items, { budget: { usd: 10 * COST } });
    const { came } = await run.result();
    // Each has reserved a little more than two thousandths.
    expect(came).toBeGreaterThan(0);
    expect(came).toBeLessThanOrEqual(5);
    const { totals } = await run.trace();
    expect(totals.unconfirmed.calls).toBe(came);
    expect(totals.unconfirmed.usd).toBeGreaterThan(came * 0.002);
    expect(totals.unconfirmed.usd).toBeLessThanOrEqual(10 * COST);
  });

  test.concurrent('a hard limit stops an agent with what it has reached', async () => {
    const { model } = await stage;
    model.script(
      { when: 'stops; sum up', reply: pricedText('two looks') },
      { when: 'stops;', times: 2, reply: pricedCall('look', { at: 'x' }) },
    );
    const run = await start<typeof workflows.stops>('stops', 'stops;');
    expect(await run.result()).toEqual({ turns: 3, summary: 'BudgetExceeded two looks' });
  });

  test.concurrent('a budget that makes no sense is refused before anything starts', async () => {
    const { baton } = await stage;
    for (const budget of [
      { usd: -1 },
      { usd: 1, soft: { usd: 2 } },
      { dollars: 1 },
      { usd: 1, soft: { euro: 1 } },
    ]) {
      const begin = baton.start('works', 'refused;', { id: 'refused', budget: budget as never });
      await expect(begin).rejects.toMatchObject({ code: 'InputInvalid' });
    }
    await expect(baton.client.workflow.getHandle('refused').describe()).rejects.toThrow('not found');
  });
});
