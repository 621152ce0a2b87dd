import { randomUUID } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createEventHandler, fetchHistory, type Baton } from '../../src/client.js';
import { runCli } from '../../src/cli/main.js';
import { cli } from '../support/cli.js';
import { testServer } from '../support/server.js';
import { openStage } from '../support/stage.js';
import * as subscriptions from './fixtures/event-subscriptions.js';
import { emits, waiting } from './fixtures/event-workflows.js';

const workflows = new URL('./fixtures/event-workflows.ts', import.meta.url);
const stage = openStage(subscriptions, () => ({}), workflows);
let baton: Baton;
let address: string;

beforeAll(async () => {
  ({ baton } = await stage);
  ({ address } = await testServer());
});

describe('delivery of events', () => {
  afterAll(async () => (await stage).close());

  describe('events from outside', () => {
    test.concurrent('start one run for an event, however often it is emitted', async () => {
      const order = randomUUID();
      const event = { name: 'order.paid', id: `paid-${order}`, data: { order, usd: 5 } };
      const all = await Promise.all(Array.from({ length: 12 }, () => baton.emit(event)));
      for (const { id, delivered, runs } of all) {
        expect({ id, delivered }).toEqual({ id: event.id, delivered: true });
        expect(runs.map(({ run }) => run).sort()).toEqual([
          `onPaid/order.paid/${event.id}`,
          `orders/${order}`,
        ]);
      }
      expect(await baton.run(`onPaid/order.paid/${event.id}`).result()).toEqual({ order, usd: 5 });
      // Also when the run has closed.
      expect((await baton.emit(event)).runs).toEqual(all[0]?.runs);
      const teller = await baton.start(emits, event);
      expect(await teller.result()).toContainEqual({
        run: `onPaid/order.paid/${event.id}`,
        subscription: 'onPaid',
        how: 'known',
      });
      await baton.emit({ name: 'order.shipped', id: `shipped-${order}`, data: { order } });
      expect(await baton.run(`orders/${order}`).result()).toEqual({
        order,
        usd: 5,
        shipped: `shipped-${order}`,
      });
    });

    test.concurrent('are known by their ids among those of the same name', async () => {
      const order = randomUUID();
      const paid = { name: 'order.paid', id: order, data: { order, usd: 5 } };
      const shipped = { name: 'order.shipped', id: order, data: { order } };
      expect((await baton.emit(paid)).runs).toHaveLength(2);
      expect((await baton.emit(shipped)).runs).toHaveLength(1);
      expect(await baton.run(`orders/${order}`).result()).toEqual({ order, usd: 5, shipped: order });
      for (const name of ['thing.made', 'thing.sold'])
        expect((await baton.emit({ name, id: order, data: { order } })).runs).toEqual([
          { run: `onThing/${name}/${order}`, subscription: 'onThing', how: 'started' },
        ]);
    });

    test.concurrent('are not delivered again to one subscription because another one fails', async () => {
      const id = randomUUID();
      const { delivered } = await baton.emit({ name: 'torn', id, data: { id } }, { wait: 1 });
      expect(delivered).toBe(false);
      const run = baton.client.workflow.getHandle(`whole/${id}`);
      const delivery = baton.client.workflow.getHandle(`event/torn/${id}`);
      const attempts = async () =>
        (await delivery.describe()).raw.pendingActivities?.map(({ attempt }) => attempt).at(0) ?? 0;
      while ((await attempts()) < 2) await delay(50);
      expect(await run.result()).toBe(id);
      const { runId } = await run.describe();
      // The second attempt is over, and the third.
      while ((await attempts()) < 4) await delay(50);
      expect((await run.describe()).runId).toBe(runId);
      await delivery.terminate();
    });

    test.concurrent('go to one run for a key, whichever comes first', async () => {
      const order = randomUUID();
      const shipped = { name: 'order.shipped', data: { order } };
      const paid = { name: 'order.paid', data: { order, usd: 3 } };
      const [first] = await Promise.all([baton.emit(shipped), baton.emit(paid)]);
      expect(await baton.run(`orders/${order}`).result()).toEqual({ order, usd: 3, shipped: first.id });
    });

    test.concurrent('reach nobody where nobody subscribes', async () => {
      expect(await baton.emit({ name: 'nobody.cares' })).toMatchObject({ delivered: true, runs: [] });
    });

    test.concurrent('may be emitted again with the same id once they are corrected', async () => {
      const id = randomUUID();
      const event = { name: 'order.paid', id, data: { order: id } };
      await expect(baton.emit(event)).rejects.toMatchObject({ code: 'EventInvalid' });
      await expect(baton.run(`orders/${id}`).status()).rejects.toMatchObject({ code: 'RunNotFound' });
      const { runs } = await baton.emit({ ...event, data: { order: id, usd: 1 } });
      expect(runs).toHaveLength(2);
    });

    test.concurrent('are refused where they are no events', async () => {
      await expect(baton.emit({ name: '' })).rejects.toMatchObject({ code: 'EventInvalid' });
      await expect(baton.emit({ name: 'big', data: 'x'.repeat(256_001) })).rejects.toMatchObject({
        code: 'EventInvalid',
      });
      await expect(baton.emit({ name: 'paid', to: 'nobody' })).rejects.toMatchObject({ code: 'RunNotFound' });
    });

    test.concurrent('are kept where no worker is there yet', async () => {
      const emitted = await baton.emit({ name: 'late' }, { taskQueue: `empty-${randomUUID()}`, wait: 300 });
      expect(emitted).toMatchObject({ delivered: false, runs: [] });
      expect(await baton.run(`event/late/${emitted.id}`).status()).toBe('RUNNING');
      await baton.client.workflow.getHandle(`event/late/${emitted.id}`).terminate();
    });

    test.concurrent('leave a short history', async () => {
      const { id } = await baton.emit({ name: 'nobody.cares' });
      expect((await fetchHistory(baton.client, `event/nobody.cares/${id}`)).length).toBeLessThanOrEqual(11);
    });
  });

  describe('the HTTP handler', () => {
    async function serving<T>(
      fn: (post: (path: string, init?: RequestInit) => Promise<Response>) => Promise<T>,
    ) {
      const handle = createEventHandler(baton);
      const server = createServer((request, response) => void handle(request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      try {
        return await fn((path, init) =>
          fetch(`http://127.0.0.1:${port}${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            ...init,
          }),
        );
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }

    test.concurrent('emits what is posted', async () => {
      const order = randomUUID();
      const body = JSON.stringify({ id: order, data: { order, usd: 9 } });
      await serving(async (post) => {
        const response = await post('/events/order.paid', { body });
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ id: order, delivered: true });
        expect((await post('/events/order.paid', { body })).status).toBe(200);
      });
      expect(await baton.run(`onPaid/order.paid/${order}`).result()).toEqual({ order, usd: 9 });
    });

    test.concurrent.each([
      ['another path', '/other', {}, 404],
      ['no name', '/events/', {}, 404],
      ['another method', '/events/paid', { method: 'GET' }, 405],
      ['no JSON type', '/events/paid', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
      ['no JSON', '/events/paid', { body: '{' }, 400],
      ['an unknown field', '/events/paid', { body: '{"dta":1}' }, 400],
      ['too much', '/events/paid', { body: JSON.stringify({ data: 'x'.repeat(300_000) }) }, 413],
      ['data that does not fit', '/events/order.paid', { body: '{"data":{}}' }, 422],
      ['an unknown run', '/events/paid', { body: '{"to":"nobody"}' }, 404],
    ])('refuses %s', async (_, path, init, status) => {
      await serving(async (post) => {
        const response = await post(path, init);
        expect(response.status).toBe(status);
        const { error } = (await response.json()) as { error: Record<string, string> };
        expect(Object.keys(error).sort()).toEqual(['code', 'message', 'try']);
      });
    });
  });

  describe('npx baton events', () => {
    it('takes events over HTTP on this machine until it is stopped', async () => {
      const stop = new AbortController();
      let out = '';
      const ended = runCli(['events', '--port', '0', '--address', address, '--task-queue', baton.taskQueue], {
        out: { write: (text) => (out += text) },
        err: process.stderr,
        in: Readable.from([]),
        cwd: tmpdir(),
        interruption: () => stop.signal,
      });
      while (!out.includes('\n')) await delay(20);
      const url = /http:\S+/.exec(out)?.[0].replace('NAME', 'order.paid') ?? '';
      const order = randomUUID();
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: order, data: { order, usd: 2 } }),
      });
      expect(response.status).toBe(200);
      expect(await baton.run(`onPaid/order.paid/${order}`).result()).toEqual({ order, usd: 2 });
      expect(await statusFor(url, 'rebound.example')).toBe(403);
      stop.abort();
      expect(await ended).toBe(0);
      await expect(fetch(url)).rejects.toThrow();
    });

    /** The status of a request that came under another name of this machine, as fetch does not send it. */
    function statusFor(url: string, host: string): Promise<number | undefined> {
      return new Promise((resolve, reject) => {
        request(url, { method: 'POST', headers: { host } }, ({ statusCode }) => resolve(statusCode))
          .on('error', reject)
          .end();
      });
    }
  });

  describe('npx baton emit', () => {
    const where = () => ['--address', address, '--task-queue', baton.taskQueue];

    test.concurrent('emits an event and says what it reached', async () => {
      const order = randomUUID();
      const data = JSON.stringify({ order, usd: 1 });
      const said = await cli(['emit', 'order.paid', '--data', data, '--id', order, ...where()]);
      expect(said).toMatchObject({ code: 0, err: '' });
      expect(said.out).toContain(`started    onPaid/order.paid/${order}`);
      expect(said.out).toContain(`signalled  orders/${order}`);
    });

    test.concurrent('tells one run', async () => {
      const run = await baton.start(waiting, {});
      const said = await cli(['emit', 'paid', '--data', '{"n":1}', '--to', run.id, '--json', ...where()]);
      expect(JSON.parse(said.out)).toMatchObject({ runs: [{ run: run.id }] });
      expect(await run.result()).toEqual([{ n: 1 }]);
    });

    test.concurrent('says that nobody subscribes, and what does not fit', async () => {
      expect((await cli(['emit', 'nobody.cares', ...where()])).err).toContain('Nobody subscribes');
      const refused = await cli(['emit', 'order.paid', '--data', '{}', ...where()]);
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(/EventInvalid: [^]*order[^]*Try:/);
      const mistyped = await cli(['emit', 'order.paid', '--data', '{', ...where()]);
      expect(mistyped.err).toMatch(/InputInvalid[^]*--data/);
    });
  });
});
