import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startScriptedModel, type ChatRequest } from '../../../src/testing/index.js';
import { bundleFile } from '../../support/bundle-file.js';
import { testServer } from '../../support/server.js';
import { startWorkerProcess } from '../../support/worker-process.js';
import type * as workflows from '../fixtures/fan-out-workflows.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const inputOf = ({ messages }: ChatRequest) => String(messages.at(-1)?.content);

it('fan-outs, maps and loops go on after kill -9 of their worker', async () => {
  const model = await startScriptedModel(
    { when: /judge 1/, times: Infinity, delay: 300, reply: { json: { accepted: false, score: 1 } } },
    { when: /judge 2/, times: Infinity, delay: 300, reply: { json: { accepted: true, score: 2 } } },
    { times: Infinity, delay: 300, reply: (request) => `answer to ${inputOf(request)}` },
  );
  const { address, connect } = await testServer();
  const taskQueue = `test-${randomUUID()}`;
  const baton = await connect(taskQueue);
  const settings = {
    address,
    taskQueue,
    bundle: await bundleFile(fixture('fan-out-workflows.ts')),
    agents: fixture('fan-out-agents.ts'),
    models: model.models('small'),
  };
  const items = Array.from({ length: 9 }, (_, i) => `item ${i}`);
  const first = await startWorkerProcess(settings);
  const fan = await baton.start<typeof workflows.fanOutNeeding>('fanOutNeeding', {
    inputs: { a: 'a', b: 'b', c: 'c' },
    timeout: 60_000,
    need: 'bestEffort',
  });
  const map = await baton.start<typeof workflows.mapped>('mapped', {
    items,
    as: 'agent',
    options: { inline: 2, batch: 3, concurrency: 3 },
  });
  const loop = await baton.start<typeof workflows.rounds>('rounds', { name: 'loop', max: 5 });
  while (model.requests.length < 6) await delay(20);
  await first.end();
  const second = await startWorkerProcess(settings);
  expect(await fan.result()).toMatchObject({
    results: { a: 'answer to a', b: 'answer to b', c: 'answer to c' },
    missing: [],
  });
  expect(await map.result()).toEqual(items.map((item) => `answer to ${item}`));
  expect(await loop.result()).toMatchObject({ accepted: true, verdict: { score: 2 }, rounds: [{}, {}] });
  await baton.close();
  await second.end();
  await model.stop();
}, 120_000);
