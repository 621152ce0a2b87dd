import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../src/agents/json.js';
import { transcriptsOf } from '../../src/trace/transcripts-of.js';
import type { StartOptions } from '../../src/client.js';
import type { AgentRun } from '../../src/workflows/orchestrations/agent.js';
import { historyOf, spans } from '../support/spans.js';
import { openStage } from '../support/stage.js';
import { walkScript } from '../support/walk-script.js';
import * as fixture from './fixtures/long-agents.js';
import type * as workflows from './fixtures/long-workflows.js';

const { keys, ...agents } = fixture;

/** Some ten turns a run. */
const moveAt = 15_000;
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('an agent whose history gets long', () => {
  const wrong: string[] = [];
  const stage = openStage(
    agents,
    (model) => walkScript(model, wrong).models('small'),
    new URL('./fixtures/long-workflows.ts', import.meta.url),
  );
  afterAll(async () => {
    await (await stage).close();
    expect(wrong).toEqual([]);
  });

  const start = async (run: AgentRun, options: StartOptions = {}) =>
    (await stage).baton.start<(run: AgentRun) => Promise<Json>>('agent', run, {
      id: `long-${randomUUID()}`,
      ...options,
    });
  const walks = async (walk: workflows.Walk, options: StartOptions = {}) =>
    (await stage).baton.start<typeof workflows.walks>('walks', walk, options);

  test.concurrent('in a run of its own is continued as new between turns, and reads as one', async () => {
    const before = keys.length;
    const placement = { moveAt, keep: 1_500 };
    const run = await start(
      { agent: 'walker', input: 'walk ann from 0 to 40', placement },
      { budget: { usd: 1 } },
    );
    expect(await run.result()).toBe('ann arrived at 40');
    const trace = await run.trace();
    expect(trace.runIds.length).toBeGreaterThan(2);
    expect(spans(trace, 'turn').map(({ turn }) => turn)).toEqual(upTo(41));
    const [walker, ...others] = trace.children;
    expect(others).toEqual([]);
    expect(walker).toMatchObject({
      kind: 'agent',
      name: 'walker',
      status: 'completed',
      input: 'walk ann from 0 to 40',
      output: 'ann arrived at 40',
    });
    expect(trace.totals).toMatchObject({ turns: 41, toolCalls: 40 });
    for (const turn of [1, 20, 41]) {
      const asked = await run.shown(`walker.1#${turn}`);
      const contents = asked.map((message) => ('content' in message ? message.content : ''));
      expect(contents[0]).toBe('walk ann from 0 to 40');
      expect(asked.at(-1)?.role).toBe(turn === 1 ? 'user' : 'tool');
      expect(JSON.stringify(contents.at(-1))).toContain(String(turn - 1));
    }
    await expect(run.shown('walker.1#42')).rejects.toMatchObject({
      code: 'TurnUnknown',
      message: expect.stringContaining('walker.1#1 to #41') as string,
    });
    expect(new Set(keys.slice(before)).size).toBe(keys.length - before);
  });

  test.concurrent(
    'goes on in a child where it is a part of a run, and later calls begin in one',
    async () => {
      const placement = { moveAt, keep: 50_000 };
      const inputs = ['walk bob from 0 to 30', 'walk bob from 30 to 33'];
      const run = await walks({ inputs, placement }, { budget: { usd: 1 } });
      const [first, second] = await run.result();
      expect(first).toMatchObject({
        output: 'bob arrived at 30',
        agent: { name: 'walker', path: ['walker'] },
      });
      expect(second).toMatchObject({ output: 'bob arrived at 33', transcript: { id: 1, length: 62 + 8 } });
      const trace = await run.trace();
      expect(trace.runIds).toHaveLength(1);
      expect(spans(trace, 'turn').map(({ turn }) => turn)).toEqual([...upTo(31), ...upTo(4)]);
      const [walker, child] = trace.children;
      expect(walker).toMatchObject({ kind: 'agent', output: 'bob arrived at 30', totals: { turns: 31 } });
      expect(child).toMatchObject({
        kind: 'child',
        output: 'bob arrived at 33',
        children: [{ kind: 'agent' }],
      });
      const shown = await run.shown('walker.1#31');
      expect(shown[0]).toMatchObject({ content: 'walk bob from 0 to 30' });
      expect(shown).toHaveLength(61);
      const later = await run.shown(`${child?.children[0]?.children[3]?.id}`);
      expect(later).toContainEqual(expect.objectContaining({ content: 'walk bob from 30 to 33' }));
      expect(first?.usage).toEqual(walker?.kind === 'agent' ? walker.totals.usage : undefined);
      expect((first?.cost ?? 0) + (second?.cost ?? 0)).toBeCloseTo(trace.totals.cost, 9);
    },
  );

  test.concurrent('gives its parent the newest of what was said, and tells what is left out', async () => {
    const { baton } = await stage;
    const placement = { moveAt, keep: 2_000 };
    const inputs = ['walk cleo from 0 to 60'];
    const run = await baton.start<typeof workflows.rememberedWalk>('rememberedWalk', { inputs, placement });
    const messages = await run.result();
    expect(messages[0]).toContain('walk cleo from 0 to 60');
    expect(messages.at(-1)).toContain('cleo arrived at 60');
    const told = messages.map((message) => Number(/\[(\d+) messages? earlier/.exec(message)?.[1] ?? 0));
    expect(told.filter((count) => count > 0)).toHaveLength(1);
    // 60 steps with their results, the input and the answer.
    expect(told.reduce((sum, count) => sum + count, 0) + messages.length - 1).toBe(122);
  });

  test.concurrent('keeps the order of hand-offs', async () => {
    const run = await start({ agent: 'guide', input: 'walk dora from 0 to 30', placement: { moveAt } });
    expect(await run.result()).toBe('dora arrived at 30');
    const trace = await run.trace();
    expect(trace.runIds.length).toBeGreaterThan(1);
    expect(trace.children).toMatchObject([
      { name: 'guide', status: 'completed', output: 'dora arrived at 30' },
    ]);
    const [, walker] = spans(trace, 'agent');
    expect(walker).toMatchObject({ name: 'walker', handedOverBy: 'guide', totals: { turns: 31 } });
    expect(spans(trace, 'turn').map(({ turn }) => turn)).toEqual([1, ...upTo(31)]);
  });

  test.concurrent('is counted over all runs for its limit of turns, and for its budget', async () => {
    const placement = { moveAt };
    const run = await start({ agent: 'stroller', input: 'walk fay from 0 to 90', placement });
    await expect(run.result()).rejects.toMatchObject({
      cause: { type: 'LimitReached', message: 'stroller: agent "stroller" took 30 turns without an output' },
    });
    expect((await run.trace()).runIds.length).toBeGreaterThan(1);
    const poor = await walks({ inputs: ['walk gus from 0 to 90'], placement }, { budget: { usd: 0.03 } });
    await expect(poor.result()).rejects.toMatchObject({ cause: { type: 'BudgetExceeded' } });
    const { totals } = await poor.trace();
    expect(totals.cost).toBeLessThanOrEqual(0.03);
    expect(totals.turns).toBeGreaterThan(20);
  });

  test.concurrent('waits for an approval in whichever run it stands', async () => {
    const run = await start({
      agent: 'walker',
      input: 'walk hal from 0 to 40 jumping at 35',
      placement: { moveAt },
    });
    const [asked] = await run.approvals({ wait: '30 seconds' });
    await run.approve({ id: asked?.id ?? '', by: 'lead' });
    expect(await run.result()).toBe('hal arrived at 40');
    expect((await run.trace()).totals.toolCalls).toBe(40);
  });

  test.concurrent('can be read message by message from each run of the chain', async () => {
    const { baton } = await stage;
    const run = await start({ agent: 'walker', input: 'walk ivy from 0 to 20', placement: { moveAt } });
    await run.result();
    // The newest run of that id.
    const [messages = []] = transcriptsOf(await historyOf(baton, run.id)).values();
    expect(messages).toHaveLength(42);
    expect(messages.includes(undefined as never)).toBe(false);
  });
});

describe('user code that continues its run as new', () => {
  const wrong: string[] = [];
  const stage = openStage(
    agents,
    (model) => walkScript(model, wrong).models('small'),
    new URL('./fixtures/long-workflows.ts', import.meta.url),
  );
  afterAll(async () => {
    await (await stage).close();
    expect(wrong).toEqual([]);
  });

  test.concurrent('takes along conversations whose handles it hands over', async () => {
    const { baton } = await stage;
    const walk = { first: 'walk kim from 0 to 3', then: 'walk kim from 3 to 5' };
    const run = await baton.start<typeof workflows.walkOn>('walkOn', walk as never);
    expect(await run.result()).toMatchObject({
      output: 'kim arrived at 5',
      transcript: { id: 1, length: 14 },
    });
  });

  test.concurrent('is told where it has left one behind', async () => {
    const { baton } = await stage;
    const run = await baton.start<(none?: string) => Promise<string>>('walkOnByNumber', undefined);
    expect(await run.result()).toBe('TranscriptGone');
  });

  test.concurrent('loses no signal whose handler is still under way', async () => {
    const { baton } = await stage;
    const handle = await baton.client.workflow.start('keepsAll', {
      args: [[], 1],
      workflowId: `keeps-${randomUUID()}`,
      taskQueue: baton.taskQueue,
    });
    await handle.signal('put', 'one');
    await handle.signal('goOn');
    await handle.signal('put', 'two');
    const chain = baton.client.workflow.getHandle(handle.workflowId);
    expect(new Set((await handle.result()) as string[])).toEqual(new Set(['one', 'two']));
    expect((await chain.describe()).status.name).toBe('COMPLETED');
  });

  test.concurrent(
    'asks the same question on, with the answer that came before the next run asked it',
    async () => {
      const { baton } = await stage;
      const run = await baton.start<(round?: number) => Promise<unknown>>('asksAcross', undefined);
      const [asked] = await run.approvals({ wait: '30 seconds' });
      const handle = baton.client.workflow.getHandle(run.id);
      const { runId } = await handle.describe();
      await handle.signal('goOn');
      while ((await handle.describe()).runId === runId) await delay(20);
      await handle.signal('approve', { id: asked?.id, by: 'lead' });
      expect(await run.result()).toEqual({ by: 'lead', n: 1 });
    },
  );
});
