import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/dev/free-port.js';
import { startScriptedModel } from '../../src/testing/index.js';
import { Line } from '../support/line.js';
import { OperatedWorker } from '../support/operated-worker.js';
import { valueOf } from '../support/prometheus.js';
import { readerScript } from '../support/reader-script.js';
import { testServer } from '../support/server.js';
import { eventually } from '../support/worker-stage.js';
import { readBook } from './fixtures/durable-workflows.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const TIMEOUT_MS = 180_000;

const workers: OperatedWorker[] = [];

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});

/** What a probe is answered. */
async function ask(port: number, name: string) {
  const response = await fetch(`http://127.0.0.1:${port}/healthz/${name}`);
  return { status: response.status, ...((await response.json()) as object) };
}

describe('a worker that is watched', () => {
  it(
    'answers probes and Prometheus, and logs JSON with run, agent, turn and tool',
    async () => {
      const { address, connect } = await testServer();
      const taskQueue = `operations-${randomUUID()}`;
      const baton = await connect(taskQueue);
      const model = await startScriptedModel(
        { when: 'Slow', delay: 3_000, reply: 'read slowly' },
        readerScript(2),
      );
      const [health, metrics] = [await freePort(), await freePort()];
      const worker = OperatedWorker.own({
        address,
        taskQueue,
        agents: path('./fixtures/durable-agents.ts'),
        workflows: path('./fixtures/durable-workflows.ts'),
        models: model.models('small'),
        health: { port: health },
        metrics: { port: metrics },
        logs: 'json',
        logLevel: 'debug',
        tuner: { targetMemory: 0.95, targetCpu: 1 },
      });
      workers.push(worker);
      const probe = (name: string) => ask(health, name);
      await worker.says(/RUNNING/);
      expect(await probe('live')).toMatchObject({ status: 200, ok: true, state: 'RUNNING', taskQueue });
      expect(await probe('ready')).toMatchObject({ status: 200, ok: true, namespace: 'default' });
      expect((await fetch(`http://127.0.0.1:${health}/`)).status).toBe(404);

      const run = await baton.start(readBook, 'Emma');
      expect(await run.result()).toBe('read Emma');
      const scraped = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
      expect(valueOf(scraped, 'baton_turns', 'agent="reader"', 'model="small"')).toBe(3);
      expect(valueOf(scraped, 'baton_tool_calls', 'agent="reader"', 'tool="read"', 'outcome="ok"')).toBe(2);
      expect(valueOf(scraped, 'baton_tokens', 'kind="input"')).toBeGreaterThan(0);
      expect(valueOf(scraped, 'baton_cost_micro_usd', 'agent="reader"')).toBeGreaterThan(0);
      expect(scraped).toMatch(/^temporal_workflow_completed/m);
      expect(scraped).not.toContain(run.id);

      const slow = await baton.start(readBook, 'Slow');
      await eventually(() => model.requests.length === 4, 'the slow turn');
      worker.signal('SIGTERM');
      await eventually(async () => (await probe('ready')).status === 503, 'a worker that is not ready');
      expect(await probe('ready')).toMatchObject({ ok: false, state: 'DRAINING', activities: 1 });
      expect(await probe('live')).toMatchObject({ status: 200, ok: true });
      expect(await worker.ended).toBe(0);
      await slow.cancel();

      const lines = worker.output.split('\n').filter((line) => line !== '' && line !== 'main ended');
      const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      for (const entry of entries)
        expect(entry).toMatchObject({
          time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          level: expect.any(String) as string,
          message: expect.any(String) as string,
        });
      const completed = entries.filter(
        ({ message, run: id }) => message === 'Activity completed' && id === run.id,
      );
      expect(completed).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ agent: 'reader', turn: 2, attempt: 1, activity: 'baton_turn' }),
          expect.objectContaining({
            agent: 'reader',
            turn: 2,
            tool: 'read',
            runId: expect.any(String) as string,
          }),
        ]),
      );
      await baton.close();
      await model.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'is not ready while the Temporal server does not answer, and is again when it does',
    async () => {
      const server = await testServer();
      const line = await Line.to(server.address);
      const port = await freePort();
      const worker = OperatedWorker.own({
        address: line.address,
        taskQueue: `operations-${randomUUID()}`,
        agents: path('./fixtures/durable-agents.ts'),
        workflows: path('./fixtures/durable-workflows.ts'),
        health: { port },
      });
      workers.push(worker);
      await worker.says(/RUNNING/);
      const probe = (name: string) => ask(port, name);
      expect(await probe('ready')).toMatchObject({ status: 200 });
      line.isDead = true;
      await eventually(async () => (await probe('ready')).status === 503, 'a worker that is not ready');
      expect(await probe('ready')).toMatchObject({
        ok: false,
        reason: expect.stringContaining('the Temporal server does not answer') as string,
        state: 'RUNNING',
      });
      // A restart would help nobody.
      expect(await probe('live')).toMatchObject({ status: 200, ok: true });
      line.isDead = false;
      await eventually(async () => (await probe('ready')).status === 200, 'a worker that is ready again');
      await worker.kill();
      await line.close();
    },
    TIMEOUT_MS,
  );

  it.each(['health', 'metrics'] as const)(
    'says that the port of its %s is taken',
    async (which) => {
      const { address } = await testServer();
      const taken = createServer();
      const port = await new Promise<number>((resolve) =>
        taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)),
      );
      const settings = {
        address,
        agents: path('./fixtures/durable-agents.ts'),
        workflows: path('./fixtures/durable-workflows.ts'),
      };
      const worker = OperatedWorker.command(settings, [`--${which}-port`, String(port)]);
      workers.push(worker);
      expect(await worker.ended).toBe(1);
      expect(worker.output).toMatch(/ConfigInvalid[^]*the port is taken[^]*Try: /);
      const logged = OperatedWorker.command(settings, [
        `--${which}-port`,
        String(port),
        '--log-format',
        'json',
      ]);
      workers.push(logged);
      expect(await logged.ended).toBe(1);
      const entries = logged.output.trimEnd().split('\n');
      expect(entries.map((line) => JSON.parse(line) as unknown)).toContainEqual({
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        level: 'error',
        message: expect.stringContaining('the port is taken') as string,
        code: 'ConfigInvalid',
        advice: expect.any(String) as string,
      });
      await new Promise((resolve) => taken.close(resolve));
    },
    TIMEOUT_MS,
  );
});
