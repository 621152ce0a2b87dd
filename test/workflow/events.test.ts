import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Baton } from '../../src/client.js';
import { openStage } from '../support/stage.js';
import * as subscriptions from './fixtures/event-subscriptions.js';
import {
  both,
  counting,
  emits,
  emitsUnsendable,
  numbers,
  oneEach,
  waiting,
} from './fixtures/event-workflows.js';

const workflows = new URL('./fixtures/event-workflows.ts', import.meta.url);
const stage = openStage(subscriptions, () => ({}), workflows);
let baton: Baton;

beforeAll(async () => {
  ({ baton } = await stage);
});

const paid = (n: number) => ({ name: 'paid', data: { n } });

describe('events', () => {
  afterAll(async () => (await stage).close());

  describe('waitForEvent', () => {
    test.concurrent('gets an event that came before', async () => {
      const run = await baton.start(waiting, { after: 300 });
      expect(await run.emit(paid(1))).toMatchObject({
        delivered: true,
        runs: [{ run: run.id, how: 'signalled' }],
      });
      expect(await run.result()).toEqual([{ n: 1 }]);
    });

    test.concurrent('gets an event that comes after, and says what it waits for', async () => {
      const run = await baton.start(waiting, { key: 'o1' });
      await said(run.id, 'waits for event paid of o1');
      await run.emit(paid(1));
      await run.emit({ ...paid(2), key: 'o1' });
      expect(await run.result()).toEqual([{ n: 2 }]);
    });

    test.concurrent('leaves what the filter does not want', async () => {
      const run = await baton.start(waiting, { only: 2 });
      await run.emit({ name: 'paid' }); // the filter fails on null
      await run.emit(paid(1));
      await run.emit(paid(2));
      expect(await run.result()).toEqual([{ n: 2 }]);
    });

    test.concurrent('gives undefined where none comes in time', async () => {
      const run = await baton.start(waiting, { timeout: 50, name: 'never' });
      await run.emit(paid(1));
      expect(await run.result()).toEqual(['too late']);
    });

    test.concurrent('gets each event once, in their order, and each id once', async () => {
      const run = await baton.start(waiting, { count: 3 });
      for (const n of [1, 2, 2, 1, 3]) await baton.emit({ ...paid(n), id: `e${n}`, to: run.id });
      expect(await run.result()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    });

    test.concurrent('gives two waits two events', async () => {
      const run = await baton.start(both, undefined as never);
      await run.emit(paid(1));
      await run.emit(paid(2));
      const { one, two } = await run.result();
      expect([one, two].sort()).toEqual([1, 2]);
    });

    test.concurrent('is not troubled by what is no event, or not one that it can read', async () => {
      const run = await baton.start(numbers, undefined as never);
      const handle = baton.client.workflow.getHandle(run.id);
      for (const odd of [undefined, 'number', { name: 'number' }, { id: 7, name: 'number', data: 1 }])
        await handle.signal('baton_event', odd);
      await run.emit({ name: 'number', data: 'seven' });
      await run.emit({ name: 'number', data: 7 });
      expect(await run.result()).toBe(14);
    });

    test.concurrent('goes on over continue-as-new: nothing is lost, and nothing comes twice', async () => {
      const run = await baton.start(oneEach, 4);
      // All come before the first wait can end: what is unread is carried.
      for (const n of [1, 2, 1, 3, 2, 4]) await run.emit({ ...paid(n), id: `e${n}` });
      expect(await run.result()).toEqual({ data: { n: 4 }, id: 'e4', runs: true });
      // The trace of the last run shows its own input alone.
      const { runId } = await baton.client.workflow.getHandle(run.id).describe();
      expect((await baton.run(run.id, runId).trace()).input).toBe(1);
    });

    test.concurrent('loses none of the events that come while runs are continued as new', async () => {
      const ids = Array.from({ length: 24 }, (_, n) => `t${n}`);
      const run = await baton.start(counting, { left: ids.length, seen: [] as string[] });
      const lanes = [0, 1, 2].map(async (lane) => {
        for (const id of ids.filter((_, n) => n % 3 === lane)) {
          await baton.emit({ name: 'tick', id, to: run.id });
          if (lane === 0) await baton.emit({ name: 'tick', id, to: run.id });
        }
      });
      await Promise.all(lanes);
      const got = await run.result();
      expect(got).toHaveLength(ids.length);
      expect(new Set(got)).toEqual(new Set(ids));
      const trace = await run.trace();
      expect(trace.runIds.length).toBeGreaterThanOrEqual(4);
    });
  });

  /** Waits until the run's current details say it. */
  async function said(id: string, text: string): Promise<void> {
    for (const until = Date.now() + 10_000; Date.now() < until; await delay(50)) {
      const handle = baton.client.workflow.getHandle(id);
      const { currentDetails } = await handle.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      if (currentDetails?.includes(text)) return;
    }
    throw new Error(`${id} never said: ${text}`);
  }

  describe('emit in workflow code', () => {
    test.concurrent('tells the one run that is named', async () => {
      const run = await baton.start(waiting, {});
      const teller = await baton.start(emits, { ...paid(5), to: run.id });
      expect(await teller.result()).toEqual([{ run: run.id, how: 'signalled' }]);
      expect(await run.result()).toEqual([{ n: 5 }]);
    });

    test.concurrent('fails with RunNotFound where there is no such run', async () => {
      const teller = await baton.start(emits, { ...paid(5), to: 'nobody' });
      expect(await teller.result()).toMatchObject({ code: 'RunNotFound' });
    });

    test.concurrent('does not call it so where the event cannot be sent', async () => {
      const run = await baton.start(waiting, {});
      const teller = await baton.start(emitsUnsendable, run.id);
      expect(await teller.result()).toMatch(/^ValueError/);
      await run.cancel();
    });

    test.concurrent('reaches all that subscribe', async () => {
      const order = randomUUID();
      const event = { name: 'order.paid', id: order, data: { order, usd: '7' } };
      const teller = await baton.start(emits, event);
      expect(await teller.result()).toEqual([
        { run: `onPaid/order.paid/${order}`, subscription: 'onPaid', how: 'started' },
        { run: `orders/${order}`, subscription: 'orders', how: 'signalled' },
      ]);
      // What the schema made of the data.
      expect(await baton.run(`onPaid/order.paid/${order}`).result()).toEqual({ order, usd: 7 });
    });

    test.concurrent('fails with EventInvalid where the data does not fit, and starts nothing', async () => {
      const id = randomUUID();
      const teller = await baton.start(emits, { name: 'order.paid', id, data: { order: id, usd: 'much' } });
      const failed = (await teller.result()) as { code: string; message: string };
      expect(failed.code).toBe('EventInvalid');
      expect(failed.message).toMatch(/usd/);
      await expect(baton.run(`onPaid/order.paid/${id}`).status()).rejects.toMatchObject({
        code: 'RunNotFound',
      });
      await expect(baton.run(`orders/${id}`).status()).rejects.toMatchObject({ code: 'RunNotFound' });
    });
  });
});
