import { fileURLToPath } from 'node:url';
import { renderRouting } from '../../../examples/ticket-routing/render.js';
import type { routeAll } from '../../../examples/ticket-routing/workflows.js';
import { connect } from '../../../src/client.js';
import { startOfflineModel } from '../../../src/dev/offline-model/server.js';
import { inFolder } from '../../support/cli.js';
import { testServer } from '../../support/server.js';
import { describeShared } from '../../support/shared-data.js';
import { baton as spawnBaton } from '../cli/spawned.js';
import { modelsAt, onData, openRouting } from './routing.js';

describe('baton demo ticket-routing', () => {
  const TIMEOUT_MS = 120_000;

  const demo = (argv: string[]) =>
    inFolder(async (cwd) => {
      const { address } = await testServer();
      const spawned = spawnBaton(['demo', 'ticket-routing', ...argv], {
        cwd,
        env: { TEMPORAL_ADDRESS: address },
      });
      const code = await spawned.ended;
      return { code, output: spawned.output };
    });

  it(
    "routes the example's own questions, and says which model the figures come from",
    async () => {
      const { code, output } = await demo([]);
      expect(output).toMatch(/84 of 84 questions · cheap \d+ · expensive \d+ · people \d+ · \$0\.\d{4}/);
      expect(output).toMatch(/Result {2}\(offline model\)[^]*offline model in place of gpt-5-nano/);
      expect(output).toMatch(/The offline model compares words\. Its accuracy says nothing/);
      expect(output).toMatch(/cheap agent +\d+ +\d+\.\d % +\d+\.\d % +\$0\.\d{4}/);
      expect(output).toMatch(/\d+ edge cases for people, the first of them:\n +line \d+: \w+/);
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'sees to what people are asked in a run that it goes on with',
    async () => {
      const { address } = await testServer();
      const id = `routing-${crypto.randomUUID().slice(0, 8)}`;
      const baton = await connect({ address, taskQueue: 'ticket-routing' });
      await baton.start<typeof routeAll>('routeAll', { people: 'ask', sample: 12 }, { id });
      await baton.close();
      const { code, output } = await demo(['--id', id, '--yes']);
      expect(output).toMatch(/12 of 12 questions/);
      expect(output).toMatch(/people +[1-9]/);
      expect(output).not.toContain('waits for people');
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );
});

describeShared("questions of a bank's customers", () => {
  const FOLDER = fileURLToPath(new URL('../../../../shared/data/ticket-intents', import.meta.url));

  beforeAll(() => {
    process.env.OPENAI_API_KEY ??= 'none';
  });

  it('are routed, a sample of them, each by one route', async () => {
    const model = await startOfflineModel();
    const routing = await openRouting(modelsAt(model.url));
    const result = await onData(FOLDER, async () => {
      const run = await routing.baton.start<typeof routeAll>('routeAll', { sample: 300 });
      return run.result();
    });
    await routing.close();
    await model.stop();
    // Figures are for people who compare routes; no test fails on them.
    process.stderr.write(`${renderRouting(result)}\n`);
    expect(result).toMatchObject({ questions: 300, failed: [], lost: [], answering: { offline: true } });
    expect(result.labels).toHaveLength(77);
    expect(result.decisions).toHaveLength(300);
    const { cheap, expensive, queued } = result.routes;
    expect(cheap.questions + expensive.questions + queued.questions).toBe(300);
    for (const route of [cheap, expensive, queued]) expect(route.questions).toBeGreaterThan(0);
  });
});
