import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { defineAgent } from '../../src/agents/index.js';
import { fetchHistory, type Baton, type StartOptions } from '../../src/client.js';
import { startScriptedModel } from '../../src/testing/index.js';
import { cli } from '../support/cli.js';
import { Fleet, type FleetWorker } from '../support/fleet.js';
import { testServer } from '../support/server.js';
import type { askInChild, askQueue } from './fixtures/queued-workflows.js';

const model = startScriptedModel({ times: Infinity, reply: 'answered' });
/** Workers are slow to start where many tests run. */
const LONG = 150_000;

const fleet = new Fleet(new URL('./fixtures/queued-workflows.ts', import.meta.url), async () => ({
  agents: {
    anyone: defineAgent({
      description: 'Answers',
      instructions: 'You answer.',
      input: z.string(),
      model: 'small',
    }),
  },
  models: (await model).models('small'),
}));
/** Runs the workflows. Their turns wait on a queue of the case's own. */
const main = fleet.worker();

afterAll(async () => {
  await main;
  await fleet.stop();
  await (await model).stop();
});

/** Work that waits on a task queue, until a worker of it is started. */
class Backlog {
  readonly taskQueue = `turns-${randomUUID()}`;
  private readonly runs: { run: ReturnType<Baton['run']>; tenant: string | undefined }[] = [];
  private worker: FleetWorker | undefined;

  /** @param through orchestration that makes the call */
  async add(text: string, options: StartOptions = {}, through: 'askQueue' | 'askInChild' = 'askQueue') {
    const { baton } = await main;
    const input = { text: `${this.taskQueue} ${text}`, taskQueue: this.taskQueue };
    const run = await baton.start<typeof askQueue | typeof askInChild>(through, input, options);
    this.runs.push({ run, tenant: options.tenant });
    const turning = through === 'askQueue' ? run.id : `${run.id}/askQueue.1`;
    while (!(await hasTurn(baton, turning))) await delay(20);
  }

  /** Has a worker do it all, `slots` turns at once, and gives what the model was asked, in order. */
  async done(slots: number): Promise<string[]> {
    const { taskQueue } = this;
    this.worker = await fleet.worker(
      {},
      { taskQueue, worker: { maxConcurrentActivityTaskExecutions: slots } },
    );
    await Promise.all(this.runs.map(({ run }) => run.result()));
    return (await model).requests.flatMap(({ messages }) => {
      const text = String(messages.at(-1)?.content);
      return text.startsWith(taskQueue) ? text.slice(taskQueue.length + 1) : [];
    });
  }

  /** Seconds from the first to the last turn that the server gave out, of all runs or of a tenant's. */
  async seconds(tenant?: string): Promise<number> {
    const { baton } = await main;
    const runs = this.runs.filter((one) => tenant === undefined || one.tenant === tenant);
    const histories = await Promise.all(runs.map(({ run }) => fetchHistory(baton.client, run.id)));
    const times = histories.flat().flatMap(({ eventTime, activityTaskStartedEventAttributes: started }) => {
      return started ? Number(eventTime?.seconds) + (eventTime?.nanos ?? 0) / 1e9 : [];
    });
    expect(times).toHaveLength(runs.length);
    return Math.max(...times) - Math.min(...times);
  }
}

async function hasTurn({ client }: Baton, id: string): Promise<boolean> {
  const described = await client.workflow
    .getHandle(id)
    .describe()
    .catch(() => undefined);
  return (described?.raw.pendingActivities ?? []).length > 0;
}

describe('where work waits', () => {
  test.concurrent(
    'an interactive run that is started last is served first, a batch run last',
    async () => {
      const backlog = new Backlog();
      for (const n of [1, 2, 3, 4]) await backlog.add(`batch ${n}`, { priority: 'batch' });
      await backlog.add('usual');
      await backlog.add('between', { priority: 2 });
      await backlog.add('interactive', { priority: 'interactive' });
      const served = await backlog.done(1);
      expect(served.slice(0, 3)).toEqual(['interactive', 'between', 'usual']);
      expect(served).toHaveLength(7);
    },
    LONG,
  );

  test.concurrent(
    'children inherit the priority',
    async () => {
      const backlog = new Backlog();
      await backlog.add('batch', { priority: 'batch' });
      await backlog.add('usual');
      await backlog.add('child', { priority: 'interactive' }, 'askInChild');
      expect(await backlog.done(1)).toEqual(['child', 'usual', 'batch']);
    },
    LONG,
  );

  test.concurrent(
    'a tenant with few runs does not wait for one with many',
    async () => {
      const backlog = new Backlog();
      const rest = 'x'.repeat(100);
      const add = (name: string, count: number) =>
        Promise.all(
          Array.from({ length: count }, (_, n) => backlog.add(`${name} ${n}`, { tenant: `${name} ${rest}` })),
        );
      await add('many', 30);
      await add('few', 3);
      const served = await backlog.done(1);
      const last = served.findLastIndex((text) => text.startsWith('few'));
      expect(served).toHaveLength(33);
      // Two of one and one of the other, at worst, where strict alternation would be 5.
      expect(last).toBeLessThan(9);
    },
    LONG,
  );
});

test.each(['0', '6', 'urgent', '1.5', ''])('"%s" is no priority on the command line', async (priority) => {
  const { code, err } = await cli(['start', 'askQueue', '--priority', priority]);
  expect(code).toBe(2);
  expect(err.replace(/\s+/g, ' ')).toContain('interactive, batch, or a number from 1 (first) to 5');
});

describe('rates', () => {
  const setup = async (...flags: string[]) =>
    cli(['setup', '--address', (await testServer()).address, ...flags]);

  test.concurrent(
    'a task queue is kept to the turns a second that it may have',
    async () => {
      const backlog = new Backlog();
      const { taskQueue } = backlog;
      const { code, out } = await setup('--queue-rate', '2', '--task-queue', taskQueue);
      expect({ code, out }).toEqual({
        code: 0,
        out: expect.stringContaining(
          `the task queue ${taskQueue} is limited to 2 turns and tool calls a second`,
        ),
      });
      await Promise.all(Array.from({ length: 12 }, (_, n) => backlog.add(`${n}`)));
      expect(await backlog.done(12)).toHaveLength(12);
      // Two may come at once, and ten follow at two a second.
      expect(await backlog.seconds()).toBeGreaterThan(3);
    },
    LONG,
  );

  test.concurrent(
    'each tenant has the rate that is set for tenants',
    async () => {
      const backlog = new Backlog();
      await setup('--tenant-rate', '1', '--task-queue', backlog.taskQueue);
      const tenants = ['ann', 'ben'];
      await Promise.all(
        tenants.flatMap((tenant) =>
          Array.from({ length: 6 }, (_, n) => backlog.add(`${tenant} ${n}`, { tenant })),
        ),
      );
      expect(await backlog.done(12)).toHaveLength(12);
      for (const tenant of tenants) expect(await backlog.seconds(tenant)).toBeGreaterThan(2.5);
    },
    LONG,
  );

  test.concurrent(
    'a limit can be taken away again',
    async () => {
      const backlog = new Backlog();
      await setup('--queue-rate', '0.01', '--task-queue', backlog.taskQueue);
      const { out } = await setup('--queue-rate', 'none', '--task-queue', backlog.taskQueue);
      expect(out).toContain('is not limited');
      for (const n of [1, 2, 3]) await backlog.add(`${n}`);
      expect(await backlog.done(3)).toHaveLength(3);
    },
    LONG,
  );

  test.concurrent.each([['0'], ['-1'], ['many'], ['']])('"%s" is no rate', async (rate) => {
    const { code, err } = await setup('--queue-rate', rate);
    expect(code).toBe(2);
    expect(err).toContain('It is a number above 0');
  });
});
