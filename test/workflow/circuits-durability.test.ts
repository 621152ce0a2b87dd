import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { circuitId } from '../../src/agents/names.js';
import { startScriptedModel } from '../../src/testing/index.js';
import type { CircuitEnd } from '../../src/workflows/orchestrations/circuit.js';
import { bundleFile } from '../support/bundle-file.js';
import { testServer } from '../support/server.js';
import { outcomeOf } from '../support/stage.js';
import { startWorkerProcess } from '../support/worker-process.js';
import { readBook } from './fixtures/durable-workflows.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

test('a trial whose worker is killed is made again by the worker that takes the turn', async () => {
  const model = await startScriptedModel(
    { times: 3, reply: { status: 503 } },
    { reply: { hang: true } },
    { reply: 'up' },
  );
  const { address, connect } = await testServer();
  const taskQueue = `test-${randomUUID()}`;
  await using baton = await connect(taskQueue);
  const settings = {
    address,
    taskQueue,
    bundle: await bundleFile(path('./fixtures/durable-workflows.ts')),
    agents: path('./fixtures/durable-agents.ts'),
    models: model.models('small'),
    circuits: { failures: 3, coolDown: '1 second' },
  };
  const first = await startWorkerProcess(settings);
  expect(await outcomeOf(await baton.start(readBook, 'Down'))).toMatchObject({ code: 'ProviderDown' });
  const waiting = await baton.start(readBook, 'Waits');
  while (model.requests.length < 4) await delay(50);
  await first.end();
  const second = await startWorkerProcess(settings);
  // The trial may take two minutes: nobody else is let through before.
  expect(await waiting.result()).toBe('up');
  const record = baton.run<CircuitEnd>(circuitId(new URL(model.url).host, 'small'));
  expect(await record.result()).toMatchObject({ ended: 'closed', trials: 2 });
  await second.end();
  await model.stop();
}, 110_000);
