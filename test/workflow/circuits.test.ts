import { setTimeout as delay } from 'node:timers/promises';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { z } from 'zod';
import { openCircuits } from '../../src/activities/circuits/open-circuits.js';
import { defineAgent } from '../../src/agents/index.js';
import type { Json } from '../../src/agents/json.js';
import { circuitId } from '../../src/agents/names.js';
import type { Baton } from '../../src/client.js';
import { freePort } from '../../src/dev/free-port.js';
import { startScriptedModel } from '../../src/testing/index.js';
import type { AgentPlacement, AgentResult } from '../../src/workflows/index.js';
import type { CircuitEnd } from '../../src/workflows/orchestrations/circuit.js';
import { cli } from '../support/cli.js';
import { FailingProvider } from '../support/failing-provider.js';
import { Fleet } from '../support/fleet.js';
import { valueOf } from '../support/prometheus.js';
import { spans } from '../support/spans.js';
import { outcomeOf } from '../support/stage.js';
import { testServer } from '../support/server.js';
import type { Ask } from './fixtures/ask.js';
import type { askEither, askOrElse } from './fixtures/circuit-workflows.js';

const plain = { description: 'Answers', instructions: 'You answer.', input: z.string() };
const agents = {
  anyone: defineAgent({ ...plain, model: 'large' }),
  fragile: defineAgent({ ...plain, model: 'routed' }),
  lone: defineAgent({ ...plain, model: 'lone' }),
  sturdy: defineAgent({ ...plain, model: 'large' }),
};
/** Each case has a model of its own, and so a circuit. */
const CASES = [
  'taken',
  'shared',
  'lone',
  'restarted',
  'halfOpen',
  'again',
  'orphan',
  'busy',
  'fine',
  'routed',
] as const;
type CaseName = (typeof CASES)[number];

async function start() {
  const providers = new Map<CaseName, FailingProvider>();
  for (const name of CASES) providers.set(name, await FailingProvider.start(name === 'busy' ? 429 : 503));
  const large = await startScriptedModel({ times: Infinity, reply: 'from large' });
  const models = Object.assign(
    large.models('large'),
    ...[...providers].map(([name, { server }]) => server.models(name)),
  );
  return { providers, large, models };
}
const started = start();
const METRICS = `127.0.0.1:${await freePort()}`;
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { metrics: { prometheus: { bindAddress: METRICS }, metricPrefix: '' } },
});

const fleet = new Fleet(new URL('./fixtures/circuit-workflows.ts', import.meta.url), async () => ({
  agents,
  models: (await started).models,
  circuits: { failures: 3, coolDown: '1 minute' },
}));
const QUICK = { circuits: { failures: 3, coolDown: '2 seconds' } };
/** Two workers that leave models alone for long, and two that try them again soon. */
const patient = [fleet.worker(), fleet.worker()] as const;
const quick = [fleet.worker(QUICK), fleet.worker(QUICK)] as const;
/** Workers are slow to start where many tests run. */
const LONG = 150_000;
/** After this time all workers know of what was opened before, or look before they ask. */
const KNOWN_MS = 4_500;

afterAll(async () => {
  await fleet.stop();
  const { providers, large } = await started;
  await Promise.all([...providers.values()].map(({ server }) => server.stop()));
  await large.stop();
});

const providerOf = async (name: CaseName) => (await started).providers.get(name) as FailingProvider;
const idOf = async (name: CaseName) => circuitId(new URL((await providerOf(name)).server.url).host, name);

/** Asks models in order of fall-back. */
async function ask(baton: Baton, ...model: string[]) {
  return outcomeOf(await startAsking(baton, model));
}

function startAsking(baton: Baton, model: string[], placement: AgentPlacement = {}) {
  const call: Ask = { agent: 'anyone', input: 'Hello', options: { model }, placement };
  return baton.start<(call: Ask) => Promise<AgentResult<Json>>>('ask', call);
}

/** The value of a metric of this process by provider and model, as Prometheus reads it. */
async function metric(name: string, { server }: FailingProvider, model: string): Promise<number> {
  const text = await (await fetch(`http://${METRICS}/metrics`)).text();
  return valueOf(text, name, `provider="${new URL(server.url).host}"`, `model="${model}"`);
}

describe('a circuit', () => {
  test.concurrent(
    'opens after failures in a row, and other workers leave the model alone within seconds',
    async () => {
      const { server } = await providerOf('shared');
      const [one, other] = await Promise.all(patient);
      await ask(other.baton, 'large');
      expect((await ask(one.baton, 'shared', 'large')).result?.output).toBe('from large');
      expect(server.requests).toHaveLength(3);
      const skipped = await ask(one.baton, 'shared', 'large');
      expect(skipped.result).toMatchObject({
        output: 'from large',
        notes: [{ kind: 'model', code: 'CircuitOpen', instead: 'large answered instead of shared' }],
      });
      await delay(KNOWN_MS);
      const elsewhere = await ask(other.baton, 'shared', 'large');
      expect(elsewhere.result).toMatchObject({ output: 'from large', notes: [{ code: 'CircuitOpen' }] });
      expect(server.requests).toHaveLength(3);

      const run = await startAsking(one.baton, ['shared', 'large']);
      await run.result();
      expect(spans(await run.trace(), 'turn')).toMatchObject([
        { status: 'failed', model: 'shared', error: { code: 'CircuitOpen' } },
        { status: 'completed', model: 'large', fallbackFrom: 'shared' },
      ]);

      const provider = await providerOf('shared');
      expect(await metric('baton_circuit_opened', provider, 'shared')).toBe(1);
      expect(await metric('baton_circuit_skipped', provider, 'shared')).toBe(3);
      expect(await metric('baton_circuit_open', provider, 'shared')).toBeGreaterThan(0);

      const doctor = await cli(['doctor', '--address', (await testServer()).address]);
      const listed = doctor.out.replace(/\s+/g, ' ');
      expect(listed).toContain(`shared at ${new URL(server.url).host} is open since`);
      expect(listed).toContain('503 scripted 503; next trial in');
      const list = await cli(['list', '--limit', '1000', '--address', (await testServer()).address]);
      expect(list.out).not.toContain('baton_circuit');
    },
    LONG,
  );

  test.concurrent(
    'is known to workers that are started after it was opened',
    async () => {
      const { server } = await providerOf('restarted');
      const first = await fleet.worker();
      expect((await ask(first.baton, 'restarted', 'large')).result?.output).toBe('from large');
      await first.stop();
      const second = await fleet.worker();
      const { result } = await ask(second.baton, 'restarted', 'large');
      expect(result).toMatchObject({ output: 'from large', notes: [{ code: 'CircuitOpen' }] });
      expect(server.requests).toHaveLength(3);
    },
    LONG,
  );

  test.concurrent(
    'lets one request through when it is half-open, and is closed by its answer',
    async () => {
      const provider = await providerOf('halfOpen');
      const [one, other] = await Promise.all(quick);
      expect(await ask(one.baton, 'halfOpen')).toMatchObject({ code: 'ProviderDown' });
      await delay(KNOWN_MS);
      provider.down = false;
      const waiting = [1, 2, 3, 4].flatMap(() => [ask(one.baton, 'halfOpen'), ask(other.baton, 'halfOpen')]);
      const outputs = (await Promise.all(waiting)).map(({ result }) => result?.output);
      expect(outputs).toEqual(Array(8).fill('up'));
      expect(provider.events.slice(0, 3)).toEqual(['asked', 'answered', 'asked']);
      const record = await one.baton.run<CircuitEnd>(await idOf('halfOpen')).result();
      expect(record).toMatchObject({
        ended: 'closed',
        model: 'halfOpen',
        why: '503 scripted 503',
        trials: 1,
      });
    },
    LONG,
  );

  test.concurrent(
    'is opened again, for longer, by a trial that fails; who waits for it goes on waiting',
    async () => {
      const provider = await providerOf('again');
      const { baton } = await quick[1];
      expect(await ask(baton, 'again')).toMatchObject({ code: 'ProviderDown' });
      const waiting = ask(baton, 'again');
      const id = await idOf('again');
      const opened = (await openCircuits(baton.client)).get(id);
      let reopened = opened;
      while (reopened && reopened.coolDown === opened?.coolDown) {
        await delay(100);
        reopened = (await openCircuits(baton.client)).get(id);
      }
      expect(opened).toMatchObject({ coolDown: 4_000, trials: 0 });
      expect(reopened).toMatchObject({ coolDown: 8_000, trials: 1 });
      provider.down = false;
      expect((await waiting).result?.output).toBe('up');
      expect(provider.server.requests).toHaveLength(5);
    },
    LONG,
  );

  test.concurrent(
    'does not stop anybody where no worker is left for it',
    async () => {
      const provider = await providerOf('orphan');
      const opener = await fleet.worker(QUICK);
      expect(await ask(opener.baton, 'orphan')).toMatchObject({ code: 'ProviderDown' });
      await opener.stop();
      await delay(KNOWN_MS);
      provider.down = false;
      const { baton } = await quick[1];
      expect((await ask(baton, 'orphan')).result?.output).toBe('up');
      const { status } = await baton.client.workflow.getHandle(await idOf('orphan')).describe();
      expect(status.name).toBe('TERMINATED');
    },
    LONG,
  );

  test.concurrent(
    'is taken over where no worker is left for it and the model is still down',
    async () => {
      const provider = await providerOf('taken');
      const opener = await fleet.worker(QUICK);
      expect(await ask(opener.baton, 'taken')).toMatchObject({ code: 'ProviderDown' });
      await opener.stop();
      await delay(KNOWN_MS);
      const { baton } = await quick[1];
      expect(await ask(baton, 'taken')).toMatchObject({ code: 'ProviderDown' });
      expect(provider.server.requests).toHaveLength(6);
      provider.down = false;
      expect((await ask(baton, 'taken')).result?.output).toBe('up');
      const run = baton.client.workflow.getHandle(await idOf('taken'));
      expect(await run.describe()).toMatchObject({
        taskQueue: baton.taskQueue,
        status: { name: 'COMPLETED' },
      });
    },
    LONG,
  );

  test.concurrent(
    'is not opened by a provider that asks to slow down, nor by work that goes well',
    async () => {
      (await providerOf('fine')).down = false;
      const { baton } = await patient[0];
      const busy = await providerOf('busy');
      const slowed = Promise.all([1, 2, 3, 4].map(() => ask(baton, 'busy')));
      while (busy.server.requests.length < 6) await delay(50);
      busy.down = false;
      expect((await slowed).map(({ result }) => result?.output)).toEqual(Array(4).fill('up'));
      expect((await ask(baton, 'fine')).result?.output).toBe('up');
      for (const name of ['busy', 'fine'] as const)
        await expect(baton.client.workflow.getHandle(await idOf(name)).describe()).rejects.toThrow(
          /not found/,
        );
    },
    LONG,
  );

  test.concurrent(
    'ends a call at once where something else stands for it, else when its time is over',
    async () => {
      const { baton } = await patient[0];
      const provider = await providerOf('lone');
      await ask(baton, 'lone', 'large');
      const run = await baton.start<typeof askOrElse>('askOrElse', 'Hello');
      expect(await run.result()).toBe('something else');
      const limited = await startAsking(baton, ['lone'], { timeout: '5 seconds' });
      expect(await outcomeOf(limited)).toMatchObject({
        code: 'CircuitOpen',
        message: expect.stringMatching(
          /^anyone: "lone" \(lone at .*: 503 scripted 503; it is tried again in \d+ s$/,
        ) as string,
      });
      const { notes } = await run.trace();
      expect(notes).toMatchObject([{ kind: 'fallback', code: 'CircuitOpen' }]);
      expect(provider.server.requests).toHaveLength(3);
    },
    LONG,
  );

  test.concurrent(
    'keeps routeToAgent from an agent that has no other model',
    async () => {
      const { baton } = await patient[0];
      const provider = await providerOf('routed');
      await ask(baton, 'routed', 'large');
      const run = await baton.start<typeof askEither>('askEither', 'Hello');
      expect(await run.result()).toMatchObject({
        agent: 'sturdy',
        output: 'from large',
        passed: [{ name: 'fragile', code: 'CircuitOpen' }],
      });
      expect(provider.server.requests).toHaveLength(3);
    },
    LONG,
  );
});
