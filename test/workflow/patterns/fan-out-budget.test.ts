import { DOWN, HANG, run, script, stage, start } from '../../support/fan-out.js';
import type * as workflows from '../fixtures/fan-out-workflows.js';

describe('what fan-outs spend, and how large they are', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('a map that ends early gives back what its batches did not spend', async () => {
    const items = Array.from({ length: 12 }, (_, place) => `early ${place};`);
    const { model } = await stage;
    model.script({ when: /early \d+;/, times: Infinity, reply: 'fine' });
    const going = await start<typeof workflows.needsTwoThenOne>('needsTwoThenOne', items, {
      budget: { usd: 0.2 },
    });
    expect(await going.result()).toEqual({ came: 2, after: 'fine' });
  });

  const leftAfter = async (input: string) =>
    (
      await start<typeof workflows.leftAfterChild>('leftAfterChild', input, { budget: { usd: 0.1 } })
    ).result();

  test.concurrent('a child that fails has spent what it spent', async () => {
    await script({ 'broke child': DOWN });
    expect(await leftAfter('broke child;')).toEqual({ failed: true, left: 0.1, unconfirmed: 0 });
  });

  test.concurrent('what a child spent at most, without knowing, its parent has spent at most', async () => {
    await script({ 'hung child': HANG });
    const { failed, left, unconfirmed } = await leftAfter('hung child;');
    expect(failed).toBe(false);
    expect(unconfirmed).toBeGreaterThan(0.008);
    expect(left).toBeCloseTo(0.1 - unconfirmed);
  });

  test.concurrent('large items are started a few at a time', async () => {
    const { model } = await stage;
    model.script({ when: /large \d+;/, times: 90, reply: 'fine' });
    expect(await run<typeof workflows.large>('large', { count: 90, length: 60_000 })).toBe(90);
  });

  test.concurrent('options that count nothing are refused', async () => {
    expect(await run<typeof workflows.refusals>('refusals', undefined as never)).toEqual([
      'ConfigInvalid: concurrency: 0; give a whole number, 1 or more',
      'ConfigInvalid: batch: 0; give a whole number, 1 or more',
      'ConfigInvalid: inline: -1; give a whole number, 0 or more',
      'ConfigInvalid: concurrency: NaN; give a whole number, 1 or more',
      'ConfigInvalid: max: 0; give a whole number, 1 or more',
    ]);
  });
});
