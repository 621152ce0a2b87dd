import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startScriptedModel, type ChatRequest } from '../../src/testing/index.js';
import { bundleFile } from '../support/bundle-file.js';
import { COST, pricedCall, pricedText } from '../support/priced-answer.js';
import { testServer } from '../support/server.js';
import { startWorkerProcess } from '../support/worker-process.js';
import type * as workflows from './fixtures/budget-workflows.js';

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

/** Two looks, then the answer. */
function work({ messages }: ChatRequest) {
  const looks = messages.filter(({ role }) => role === 'tool').length;
  return looks < 2 ? pricedCall('look', { at: String(looks) }) : pricedText('done');
}

it('what a killed worker may have spent is counted: confirmed ≤ served ≤ confirmed + unconfirmed', async () => {
  const model = await startScriptedModel({ times: Infinity, delay: 400, reply: work });
  const { address, connect } = await testServer();
  const taskQueue = `test-${randomUUID()}`;
  const baton = await connect(taskQueue);
  const settings = {
    address,
    taskQueue,
    bundle: await bundleFile(fixture('budget-workflows.ts')),
    agents: fixture('budget-agents.ts'),
    models: model.models('large', 'small', 'other'),
  };
  let worker = await startWorkerProcess(settings);
  const items = Array.from({ length: 16 }, (_, place) => `toil ${place};`);
  const run = await baton.start<typeof workflows.toil>('toil', items, { budget: { usd: 0.5 } });
  for (const requests of [5, 20]) {
    while (model.requests.length < requests) await delay(20);
    await worker.end();
    worker = await startWorkerProcess(settings);
  }
  const { came, spent, unconfirmed } = await run.result();
  const served = model.requests.length * COST;
  expect(came).toBe(16);
  expect(spent).toBeCloseTo(16 * 3 * COST, 8);
  expect(model.requests.length).toBeGreaterThan(16 * 3);
  expect(served).toBeLessThanOrEqual(spent + unconfirmed);

  const { totals } = await run.trace();
  expect(totals.cost).toBeCloseTo(spent, 8);
  expect(totals.unconfirmed.usd).toBeCloseTo(unconfirmed, 8);
  await baton.close();
  await worker.end();
  await model.stop();
}, 120_000);

it('what was spent on a call is counted also where the next worker finds the conversation too long for it', async () => {
  const model = await startScriptedModel({
    times: Infinity,
    reply: ({ messages }) => {
      const pages = messages.filter(({ role }) => role === 'tool').length;
      // Less than a worker expects that has not seen what was counted before.
      const prompt = Math.ceil(JSON.stringify(messages).length / 5);
      if (pages < 2) return pricedCall('fetchPage', { at: String(pages) }, prompt);
      return model.requests.length === 3 ? { hang: true } : pricedText('done', prompt);
    },
  });
  const { address, connect } = await testServer();
  const taskQueue = `test-${randomUUID()}`;
  const baton = await connect(taskQueue);
  const settings = {
    address,
    taskQueue,
    bundle: await bundleFile(fixture('budget-workflows.ts')),
    agents: fixture('budget-agents.ts'),
    models: model.models('large', 'small', 'other'),
  };
  let worker = await startWorkerProcess(settings);
  const run = await baton.start<typeof workflows.reads>('reads', 'reads;', { budget: { usd: 0.5 } });
  while (model.requests.length < 3) await delay(20);
  await worker.end();
  worker = await startWorkerProcess(settings);
  const { spent, unconfirmed } = await run.result();
  expect(unconfirmed).toBeGreaterThan(0.002);
  const { totals, ...trace } = await run.trace();
  expect(JSON.stringify(trace)).toContain('"kind":"compaction"');
  expect(totals.cost).toBeCloseTo(spent, 8);
  expect(totals.unconfirmed.usd).toBeCloseTo(unconfirmed, 8);
  await baton.close();
  await worker.end();
  await model.stop();
}, 120_000);
