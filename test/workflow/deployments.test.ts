import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Json } from '../../src/agents/json.js';
import { startScriptedModel, type ChatRequest } from '../../src/testing/index.js';
import type { AgentRun } from '../../src/workflows/orchestrations/agent.js';
import { cli } from '../support/cli.js';
import { Application, bundleOf } from '../support/deployment.js';
import { spans } from '../support/spans.js';
import { eventually } from '../support/worker-stage.js';
import { walkScript } from '../support/walk-script.js';
import { agentsOf, type Agents } from './fixtures/deployed-agents.js';
import type * as workflows from './fixtures/deployed-a-workflows.js';

const SAY = 'say your build';
const LONG_MS = 240_000;

jest.setTimeout(LONG_MS);

describe('builds of an application', () => {
  const wrong: string[] = [];
  const model = startScriptedModel().then((model) =>
    walkScript(
      model.script({
        when: ({ messages }) => messages.at(-1)?.content === SAY,
        times: Infinity,
        reply: ({ messages }: ChatRequest) => String(messages[0]?.content),
      }),
      wrong,
    ),
  );
  const bundles = { a: bundleOf('deployed-a-workflows.ts'), b: bundleOf('deployed-b-workflows.ts') };
  /** Steps before which something is done. */
  const gates = new Map<string, (step: number) => Promise<void>>();
  const open = async (name: string) => {
    const models = (await model).models('small');
    return Application.open(bundles, (build) => ({
      agents: agentsOf(build, (step) => gates.get(name)?.(step) ?? Promise.resolve()),
      models,
    }));
  };
  afterAll(async () => {
    await (await model).stop();
    expect(wrong).toEqual([]);
  });

  test.concurrent(
    'a short run ends at the build that it began with, and new runs begin at the current one',
    async () => {
      const app = await open('short');
      await app.work('a');
      await app.setCurrent('a');
      const { baton } = app;
      const first = await baton.start<typeof workflows.order>('order', undefined, {
        id: `order-${randomUUID()}`,
      });
      const handle = baton.client.workflow.getHandle(first.id);
      await eventually(
        async () => spans(await first.trace(), 'turn').some(({ end }) => end),
        'the first turn',
      );
      await app.work('b');
      await app.setCurrent('b');
      await handle.signal('goOn');
      expect(await first.result()).toEqual(['a', 'build a', 'build a']);
      const second = await baton.start<typeof workflows.order>('order', undefined);
      await baton.client.workflow.getHandle(second.id).signal('goOn');
      expect(await second.result()).toEqual(['b', 'build b', 'build b']);
      expect(await app.buildsOf(first.id)).toEqual(['a']);
      expect(await app.buildsOf(second.id)).toEqual(['b']);
      await app.close();
    },
  );

  test.concurrent(
    'what is continued as new goes over to the current build, unless it says that it stays',
    async () => {
      const app = await open('rounds');
      const { baton } = app;
      await app.work('a');
      await app.setCurrent('a');
      const moves = await baton.start<typeof workflows.rounds>('rounds', undefined);
      const stays = await baton.start<typeof workflows.faithfulRounds>('faithfulRounds', undefined);
      for (const { id } of [moves, stays]) await baton.client.workflow.getHandle(id).query('baton_approvals');
      await app.work('b');
      await app.setCurrent('b');
      for (const { id } of [moves, stays]) await baton.client.workflow.getHandle(id).signal('goOn');
      expect(await moves.result()).toEqual(['a', 'b']);
      expect(await stays.result()).toEqual(['a', 'a']);
      await app.close();
    },
  );

  test.concurrent(
    'a long agent goes over to the current build when its history is long; a pinned one stays',
    async () => {
      const app = await open('sized');
      const { baton } = app;
      await app.work('a');
      await app.setCurrent('a');
      let deploy: Promise<void> | undefined;
      gates.set('sized', async (step) => {
        if (step >= 5) await (deploy ??= app.work('b').then(() => app.setCurrent('b')));
      });
      const walk = (agent: string) =>
        baton.start<(run: AgentRun) => Promise<Json>>('agent', {
          agent,
          input: 'walk ann from 0 to 30',
          placement: { moveAt: 15_000 },
        });
      const [walker, keeper] = await Promise.all([walk('walker'), walk('keeper')]);
      expect(await walker.result()).toBe('ann arrived at 30');
      expect(await keeper.result()).toBe('ann arrived at 30');
      expect(await app.buildsOf(walker.id)).toEqual(['a', 'b']);
      expect((await keeper.trace()).runIds.length).toBeGreaterThan(1);
      expect(await app.buildsOf(keeper.id)).toEqual(['a']);
      const done = spans(await walker.trace(), 'tool').map(({ output }) => String(output));
      expect(done[0]).toContain('done by a');
      expect(done.at(-1)).toContain('done by b');
      await app.close();
    },
  );

  test.concurrent(
    'a long agent and a session go over as soon as their build is replaced',
    async () => {
      const app = await open('replaced');
      const { baton } = app;
      await app.work('a');
      await app.setCurrent('a');
      let deploy: Promise<void> | undefined;
      gates.set('replaced', async (step) => {
        if (step < 60) return;
        await (deploy ??= app.work('b').then(() => app.setCurrent('b')));
        await delay(300);
      });
      const chat = baton.session<Agents['clerk']>('clerk', { id: `chat-${randomUUID()}` });
      expect(await chat.send(SAY)).toBe('build a');
      const input = 'walk bob from 0 to 130';
      const walker = await baton.start<(run: AgentRun) => Promise<Json>>('agent', { agent: 'walker', input });
      expect(await walker.result()).toBe('bob arrived at 130');
      expect(await app.buildsOf(walker.id)).toEqual(['a', 'b']);
      const { runIds, totals } = await walker.trace();
      expect(runIds).toHaveLength(2);
      expect(totals).toMatchObject({ turns: 131, toolCalls: 130 });
      await eventually(async () => (await chat.send(SAY)) === 'build b', 'an answer of build b');
      await chat.close();
      await chat.run.result();
      expect(await app.buildsOf(chat.run.id)).toEqual(['a', 'b']);
      await app.close();
    },
    LONG_MS,
  );

  test.concurrent(
    'a run whose build has no workers says so, and goes on when they are back',
    async () => {
      const app = await open('stranded');
      const { baton, address } = app;
      const stop = await app.work('a');
      const run = await baton.start<typeof workflows.order>('order', undefined, {
        id: `order-${randomUUID()}`,
      });
      const said = async () => (await cli(['show', run.id, '--address', address])).err;
      await eventually(
        async () => (await said()).includes(`${app.name} has no current build`),
        'a word of work that no build gets',
      );
      expect(await said()).toContain(`set-current-version --deployment-name ${app.name} --build-id a`);
      await app.setCurrent('a');
      await eventually(async () => spans(await run.trace(), 'turn').some(({ end }) => end), 'the first turn');
      await app.work('b');
      await app.setCurrent('b');
      expect(await cli(['show', run.id, '--address', address])).toMatchObject({ code: 0, err: '' });
      await stop();
      await baton.client.workflow.getHandle(run.id).signal('goOn');
      // A worker counts as there until its last long poll would have ended.
      await eventually(
        async () => (await said()).includes(`build a of ${app.name}`),
        'a word of the build that is missing',
        120_000,
      );
      const { out } = await cli(['doctor', '--address', address, '--json']);
      const texts = (JSON.parse(out) as { text: string }[]).map(({ text }) => text);
      expect(texts).toContainEqual(expect.stringContaining(`${app.name}: build b is current`));
      expect(texts).toContain(`${app.name}: build a has 1 open run and no worker: they wait`);
      await app.work('a');
      expect(await run.result()).toEqual(['a', 'build a', 'build a']);
      await app.close();
    },
    LONG_MS,
  );
});
