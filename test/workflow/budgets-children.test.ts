import { setTimeout as delay } from 'node:timers/promises';
import type { Orchestration, StartOptions } from '../../src/client.js';
import { COST, pricedText } from '../support/priced-answer.js';
import { openStage } from '../support/stage.js';
import * as agents from './fixtures/budget-agents.js';
import type * as workflows from './fixtures/budget-child-workflows.js';

const stage = openStage(
  agents,
  (model) => model.models('large', 'small', 'other'),
  new URL('./fixtures/budget-child-workflows.ts', import.meta.url),
);

async function start<Fn extends Orchestration>(
  name: string,
  input: Parameters<Fn>[0],
  options: StartOptions = { budget: { usd: 0.1 } },
) {
  return (await stage).baton.start<Fn>(name, input, options);
}

describe('budgets of children', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('a child without a result gives none, beside what it has spent', async () => {
    const { model } = await stage;
    model.script({ when: 'silent;', reply: pricedText('fine') });
    const run = await start<typeof workflows.silent>('silent', 'silent;');
    expect(await run.result()).toBe('undefined');
  });

  test.concurrent('a child that fails as its own child does gives back what it has not spent', async () => {
    const { model } = await stage;
    model.script({ when: 'failing;', reply: pricedText('fine') });
    const run = await start<typeof workflows.failing>('failing', 'failing;');
    expect(await run.result()).toEqual({ spent: COST, unconfirmed: 0, left: 0.0989 });
  });

  test.concurrent(
    'a cancelled child that went on as another run gives back what it has not spent',
    async () => {
      const { model } = await stage;
      model.script({ when: 'renewed;', times: 2, reply: pricedText('fine') });
      const run = await start<typeof workflows.renewed>('renewed', 'renewed;');
      while (model.requests.filter((request) => JSON.stringify(request).includes('renewed;')).length < 2)
        await delay(20);
      await delay(500);
      await run.emit({ name: 'enough' });
      expect(await run.result()).toEqual({ spent: 2 * COST, unconfirmed: 0, left: 0.0978 });
    },
  );

  test.concurrent("a child's own soft limit does not raise the run's", async () => {
    const { model } = await stage;
    model.script({ when: 'softer;', reply: pricedText('fine') });
    const options = { budget: { usd: 1, soft: { usd: 0 } } };
    const run = await start<typeof workflows.softer>('softer', 'softer;', options);
    expect(await run.result()).toBe('small');
  });

  test.concurrent("a child's transcript is not offered to go on from", async () => {
    const { model } = await stage;
    model.script({ when: 'progressed;', times: 2, reply: { status: 401 } });
    const run = await start<typeof workflows.progressed>('progressed', 'progressed;');
    expect(await run.result()).toBe(false);
  });
});
