import { abandoned, arrived, DOWN, HANG, run, script, stage, start } from '../../support/fan-out.js';
import type * as workflows from '../fixtures/fan-out-workflows.js';

describe('fan-out by name', () => {
  afterAll(async () => (await stage).close());
  describe('parallel', () => {
    test.concurrent('gives the results by name', async () => {
      await script({ 'all a': 'A', 'all b': 'B' });
      expect(await run<typeof workflows.fanOut>('fanOut', { inputs: { a: 'all a;', b: 'all b;' } })).toEqual({
        a: 'A',
        b: 'B',
      });
    });

    test.concurrent('where one fails it throws its failure, and cancels the others', async () => {
      await script({ 'fails a': HANG, 'fails b': DOWN });
      const inputs = { a: 'fails a;', b: 'fails b;' };
      expect(await run<typeof workflows.fanOutFailing>('fanOutFailing', { inputs })).toMatchObject({
        code: 'Unauthorized',
      });
      await abandoned('fails a;');
    });

    test.concurrent('any: the first valid result wins, and the losers are cancelled', async () => {
      await script({ 'any a': 'no', 'any b': 'yes', 'any c': HANG });
      const { model } = await stage;
      const result = await run<typeof workflows.fanOutNeeding>('fanOutNeeding', {
        inputs: { a: 'any a;', b: 'any b;', c: 'any c;' },
        need: 'any',
        accept: 'yes',
      });
      expect(result.order).toEqual(['b']);
      expect(result.results).toMatchObject({ b: 'yes' });
      expect(result.missing.find(({ name }) => name === 'c')).toMatchObject({ code: 'NotNeeded' });
      await abandoned('any c;');
      expect(model.requests.length).toBeGreaterThan(0);
    });

    test.concurrent('k of n: ends with the k-th, and says what is missing and why', async () => {
      await script({ 'two a': DOWN, 'two b': 'B', 'two c': 'C', 'two d': HANG });
      const result = await run<typeof workflows.fanOutNeeding>('fanOutNeeding', {
        inputs: { a: 'two a;', b: 'two b;', c: 'two c;', d: 'two d;' },
        need: 2,
      });
      expect(result.order.sort()).toEqual(['b', 'c']);
      const codes = Object.fromEntries(result.missing.map(({ name, code }) => [name, code]));
      expect(codes.d).toBe('NotNeeded');
      expect(['Unauthorized', 'NotNeeded']).toContain(codes.a);
    });

    test.concurrent('k of n: fails as soon as k cannot come any more', async () => {
      await script({ 'few a': DOWN, 'few b': DOWN, 'few c': HANG });
      const failed = await run<typeof workflows.fanOutFailing>('fanOutFailing', {
        inputs: { a: 'few a;', b: 'few b;', c: 'few c;' },
        need: 2,
      });
      expect(failed).toMatchObject({
        code: 'TooFewResults',
        message: expect.stringMatching(/^0 of 3 branches gave a result, needed: 2; a: Unauthorized/),
        details: {
          missing: expect.arrayContaining([expect.objectContaining({ name: 'c', code: 'NotNeeded' })]),
        },
      });
      await abandoned('few c;');
    });

    test.concurrent('best effort: all may fail', async () => {
      await script({ 'none a': DOWN, 'none b': DOWN });
      const result = await run<typeof workflows.fanOutNeeding>('fanOutNeeding', {
        inputs: { a: 'none a;', b: 'none b;' },
        need: 'bestEffort',
      });
      expect(result).toMatchObject({ order: [], missing: [{ name: 'a' }, { name: 'b' }] });
    });

    test.concurrent('any: all may not fail', async () => {
      await script({ 'nobody a': DOWN, 'nobody b': DOWN });
      const inputs = { a: 'nobody a;', b: 'nobody b;' };
      expect(
        await run<typeof workflows.fanOutFailing>('fanOutFailing', { inputs, need: 'any' }),
      ).toMatchObject({
        code: 'TooFewResults',
      });
    });

    test.concurrent(
      'a branch that hangs past its time-out is missing, and its request is given up',
      async () => {
        await script({ 'slow a': HANG, 'slow b': 'B' });
        const result = await run<typeof workflows.fanOutNeeding>('fanOutNeeding', {
          inputs: { a: 'slow a;', b: 'slow b;' },
          timeouts: { a: 500 },
          need: 'bestEffort',
        });
        expect(result.results).toEqual({ b: 'B' });
        expect(result.missing).toEqual([
          expect.objectContaining({ name: 'a', code: 'TimedOut', message: 'it did not end within 500 ms' }),
        ]);
        await abandoned('slow a;');
      },
    );

    test.concurrent('a fall-back stands in for its branch, and the result says so', async () => {
      await script({ 'back a': DOWN, 'back b': 'B' });
      const result = await run<typeof workflows.fanOutNeeding>('fanOutNeeding', {
        inputs: { a: 'back a;', b: 'back b;' },
        fallbacks: { a: 'instead' },
        need: 'bestEffort',
      });
      expect(result).toMatchObject({
        results: { a: 'instead', b: 'B' },
        missing: [],
        replaced: [{ name: 'a', code: 'Unauthorized' }],
      });
    });

    test.concurrent('cancelling the run ends its branches', async () => {
      await script({ 'stop a': HANG, 'stop b': HANG });
      const inputs = { a: 'stop a;', b: 'stop b;' };
      const going = await start<typeof workflows.fanOutNeeding>('fanOutNeeding', {
        inputs,
        need: 'bestEffort',
      });
      await Promise.all([arrived('stop a;'), arrived('stop b;')]);
      await going.cancel();
      await expect(going.result()).rejects.toThrow(/cancel/i);
      expect(await going.status()).toBe('CANCELLED');
      await abandoned('stop ', 2);
    });

    test.concurrent('refuses a need that is no number of branches', async () => {
      const inputs = { a: 'odd a;' };
      expect(await run<typeof workflows.fanOutFailing>('fanOutFailing', { inputs, need: 0 })).toMatchObject({
        code: 'ConfigInvalid',
      });
      expect(
        await run<typeof workflows.fanOutFailing>('fanOutFailing', { inputs: {}, need: 2 }),
      ).toMatchObject({
        code: 'TooFewResults',
      });
    });
  });
});
