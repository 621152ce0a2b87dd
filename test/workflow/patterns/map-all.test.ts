import { abandoned, arrived, DOWN, HANG, run, script, stage, start } from '../../support/fan-out.js';
import type * as workflows from '../fixtures/fan-out-workflows.js';

describe('fan-out over a list', () => {
  afterAll(async () => (await stage).close());
  describe('mapAll', () => {
    const letters = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i};`);

    test.concurrent.each(['closure', 'agent', 'child', 'agentChild'] as const)(
      'of a %s gives the results in the order of the items',
      async (as) => {
        const items = letters(`map ${as}`, 7);
        const { model } = await stage;
        items.forEach((item, i) => model.script({ when: item, reply: `${as} ${i}`, delay: 100 - i * 10 }));
        const results = await run<typeof workflows.mapped>('mapped', {
          items,
          as,
          options: { concurrency: 3 },
        });
        expect(results).toEqual(items.map((_, i) => `${as} ${i}`));
      },
    );

    test.concurrent.each(['agent', 'child', 'agentChild'] as const)(
      'of an %s with more items than fit in a run goes by batches in child workflows',
      async (as) => {
        const items = letters(`batch ${as}`, 12);
        const { model } = await stage;
        items.forEach((item, i) => model.script({ when: item, reply: i === 5 ? DOWN : `${as} ${i}` }));
        const going = await start<typeof workflows.mappedNeeding>('mappedNeeding', {
          items,
          as,
          need: 'bestEffort',
          options: { inline: 4, batch: 5, concurrency: 10 },
        });
        const { results, missing } = await going.result();
        expect(results.map((result) => result ?? null)).toEqual(
          items.map((_, i) => (i === 5 ? null : `${as} ${i}`)),
        );
        expect(missing).toEqual([expect.objectContaining({ name: '5', code: 'Unauthorized' })]);
        const trace = await going.trace();
        const batches = trace.children.filter(({ kind }) => kind === 'child');
        expect(batches.map(({ name }) => name)).toEqual(['items-0.1', 'items-5.1', 'items-10.1']);
      },
    );

    test.concurrent('under the policy all, a failure in a batch ends the whole with it', async () => {
      const items = letters('strict', 8);
      const { model } = await stage;
      model.script({ when: 'strict 6;', reply: DOWN });
      model.script({ when: /strict \d;/, times: Infinity, reply: HANG });
      const going = await start<typeof workflows.mapped>('mapped', {
        items,
        as: 'agent',
        options: { inline: 2, batch: 4, concurrency: 8 },
      });
      await expect(going.result()).rejects.toMatchObject({ cause: { type: 'Unauthorized' } });
      await abandoned('strict', 7);
    });

    test.concurrent('an item that hangs past its time-out in a batch is missing', async () => {
      const items = letters('late', 4);
      await script({ 'late 0': 'a', 'late 1': HANG, 'late 2': 'c', 'late 3': 'd' });
      const { results, missing } = await run<typeof workflows.mappedNeeding>('mappedNeeding', {
        items,
        as: 'agent',
        need: 'bestEffort',
        options: { inline: 1, timeout: 500 },
      });
      expect(results.map((result) => result ?? null)).toEqual(['a', null, 'c', 'd']);
      expect(missing).toMatchObject([{ name: '1', code: 'TimedOut' }]);
    });

    test.concurrent.each([
      ['batches', 'agent', { inline: 1, batch: 2, concurrency: 6 }],
      ['children', 'child', {}],
      ['children in batches', 'child', { inline: 1, batch: 2 }],
    ] as const)('%s share a budget', async (what, as, options) => {
      const items = letters(`paid ${what}`, 6);
      const { model } = await stage;
      model.script({ when: new RegExp(`paid ${what} \\d;`), times: 6, reply: 'fine' });
      const going = await start<typeof workflows.mapped>(
        'mapped',
        { items, as, options },
        { budget: { usd: 0.2 } },
      );
      expect(await going.result()).toEqual(items.map(() => 'fine'));
    });

    test.concurrent('cancelling the run ends its batches', async () => {
      const items = letters('halt', 6);
      const { model } = await stage;
      model.script({ when: /halt \d;/, times: Infinity, reply: HANG });
      const going = await start<typeof workflows.mapped>('mapped', {
        items,
        as: 'agent',
        options: { inline: 1, batch: 3, concurrency: 6 },
      });
      for (const item of items) await arrived(item);
      await going.cancel();
      await expect(going.result()).rejects.toThrow(/cancel/i);
      await abandoned('halt', 6);
    });

    test('results of a batch that exceed one payload, and more batches than are at work at once', async () => {
      const texts = (job: { count: number; length: number; batch: number }) =>
        run<typeof workflows.texts>('texts', job);
      const places = (count: number) => Array.from({ length: count }, (_, place) => place);
      // 110 texts of 60 KB are 6.6 MB, in batches of 3 MB; a payload has 2 MB.
      expect(await texts({ count: 110, length: 60_000, batch: 50 })).toEqual(places(110));
      expect(await texts({ count: 240, length: 10, batch: 10 })).toEqual(places(240));
    });

    test.concurrent('refuses more items of a closure than its history may hold', async () => {
      expect(await run<typeof workflows.mappedClosure>('mappedClosure', 2_001)).toMatch(/asChild/);
    });
  });
});
