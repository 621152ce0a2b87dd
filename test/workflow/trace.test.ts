import { fileURLToPath } from 'node:url';
import type { Baton, Run, Span, SpanOf, Trace } from '../../src/client.js';
import { Trace as TraceSchema } from '../../src/trace/trace.js';
import { startScriptedModel, type ScriptEntry } from '../../src/testing/index.js';
import { bundleWorkflows } from '../../src/worker.js';
import { testServer } from '../support/server.js';
import * as agents from './fixtures/trace-agents.js';
import { desk, household, plain, relay, tolerant, write } from './fixtures/trace-workflows.js';

const bundle = bundleWorkflows(fileURLToPath(new URL('./fixtures/trace-workflows.ts', import.meta.url)));

const activities = { weigh: async (what: string) => `${what} is light` };

async function withScript<T>(script: ScriptEntry[], fn: (baton: Baton) => Promise<T>): Promise<T> {
  const model = await startScriptedModel(...script);
  const server = await testServer();
  const options = { agents, models: model.models('small', 'large'), workflowBundle: await bundle };
  const result = await server.withWorker({ ...options, worker: { activities } }, fn);
  await model.stop();
  return result;
}

/** The trace of a run that has ended, checked against the contract. */
async function traceAfter(run: Run): Promise<Trace> {
  await run.result().catch(() => undefined);
  return TraceSchema.parse(await run.trace());
}

function all(span: Span): Span[] {
  return [span, ...span.children.flatMap(all)];
}

function spans<K extends Span['kind']>(trace: Span, kind: K): SpanOf<K>[] {
  return all(trace).filter((span): span is SpanOf<K> => span.kind === kind);
}

const writer = 'You are the writer.';
const critic = 'You are the critic.';
const done = { reply: { json: { usd: 1 } } };

describe('the trace of a run', () => {
  it('says of a turn that is tried again why, before it has ended', async () => {
    const trace = await withScript([{ times: 2, reply: { status: 503 } }, done], async (baton) => {
      const run = await baton.start(write, { text: 'broken' });
      let seen: SpanOf<'turn'> | undefined;
      while (seen?.attempts === undefined) {
        const trace = TraceSchema.parse(await run.trace());
        if (trace.end !== undefined) break;
        [seen] = spans(trace, 'turn');
      }
      expect(seen).toMatchObject({ status: 'running', lastFailure: { code: 'ProviderDown' } });
      expect(seen?.attempts).toBeGreaterThan(1);
      return traceAfter(run);
    });
    expect(spans(trace, 'turn')).toMatchObject([{ status: 'completed', attempts: 3 }]);
    expect(spans(trace, 'turn')[0]).not.toHaveProperty('nextAttempt');
  });

  it('shows an agent with its turns, tool calls, input, output and cost', async () => {
    const trace = await withScript(
      [{ reply: { calls: [{ tool: 'lookup', args: { word: 'lamp' } }], text: 'looking' } }, done],
      async (baton) => traceAfter(await baton.start(write, { text: 'broken' })),
    );
    expect(trace).toMatchObject({ name: 'write', status: 'completed', output: { usd: 1 } });
    const [agent] = spans(trace, 'agent');
    expect(agent).toMatchObject({
      name: 'writer',
      path: 'writer.1',
      status: 'completed',
      model: 'small',
      input: { text: 'broken' },
      output: { usd: 1 },
    });
    const [first, second] = spans(trace, 'turn');
    expect(first).toMatchObject({ name: 'turn 1', step: 'tools', attempts: 1, message: { text: 'looking' } });
    expect(second).toMatchObject({ name: 'turn 2', step: 'final' });
    expect(first?.children).toEqual([
      expect.objectContaining({
        kind: 'tool',
        name: 'lookup',
        status: 'completed',
        input: { word: 'lamp' },
        output: { meaning: 'the meaning of lamp' },
      }),
    ]);
    const usd = (first?.cost ?? 0) + (second?.cost ?? 0);
    expect(trace.totals).toMatchObject({ turns: 2, toolCalls: 1, retries: 0, repairs: 0, offline: false });
    expect(trace.totals.cost).toBeCloseTo(usd, 8);
    expect(trace.totals.usage.input).toBe((first?.usage?.input ?? 0) + (second?.usage?.input ?? 0));
    expect(agent?.totals).toEqual(trace.totals);
  });

  it('counts retries, and keeps why the attempt before failed', async () => {
    const trace = await withScript(
      [{ reply: { status: 500 } }, { reply: { calls: [{ tool: 'shaky' }] } }, done],
      async (baton) => traceAfter(await baton.start(write, { text: 'x' })),
    );
    const [turn] = spans(trace, 'turn');
    expect(turn).toMatchObject({ status: 'completed', attempts: 2, lastFailure: { code: 'ProviderDown' } });
    expect(turn?.lastFailure?.message).toMatch(/500/);
    expect(spans(trace, 'tool')).toEqual([
      expect.objectContaining({
        status: 'completed',
        output: 'ready',
        attempts: 2,
        lastFailure: { code: 'TimedOut', message: 'the attempt took too long' },
      }),
    ]);
    expect(trace.totals).toMatchObject({ turns: 2, retries: 2 });
  });

  it('shows the fall-back to another model, and repairs', async () => {
    const trace = await withScript(
      [{ reply: { status: 401 } }, { reply: { json: { usd: 'much' } } }, done],
      async (baton) => traceAfter(await baton.start(write, { text: 'x' })),
    );
    const [failed, repaired, final] = spans(trace, 'turn');
    expect(failed).toMatchObject({
      turn: 1,
      model: 'small',
      status: 'failed',
      error: { code: 'Unauthorized' },
    });
    expect(repaired).toMatchObject({ turn: 1, model: 'large', fallbackFrom: 'small', step: 'repair' });
    expect(repaired?.repair).toMatch(/usd/);
    expect(final).toMatchObject({ turn: 2, step: 'final' });
    expect(final?.fallbackFrom).toBeUndefined();
    expect(trace.totals.repairs).toBe(1);
    expect(spans(trace, 'agent')).toEqual([expect.objectContaining({ status: 'completed', model: 'large' })]);
  });

  it('groups parallel branches, and what follows them', async () => {
    const trace = await withScript(
      [
        { when: writer, times: 2, ...done },
        { when: critic, reply: 'fine' },
      ],
      async (baton) => traceAfter(await baton.start(desk, { text: 'x' })),
    );
    expect(trace.children.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'agent writer',
      'branch draft',
      'branch review',
    ]);
    const branches = spans(trace, 'branch');
    expect(branches.map(({ status, totals }) => [status, totals.turns])).toEqual([
      ['completed', 1],
      ['completed', 1],
    ]);
    expect(trace.totals.turns).toBe(3);
  });

  it('shows a failed agent as failed while its run goes on', async () => {
    await withScript([{ reply: { refusal: 'I will not' } }], async (baton) => {
      const run = await baton.start(tolerant, { text: 'x' });
      const trace = await until(run, (now) => spans(now, 'timer').length > 0);
      expect(trace.status).toBe('waiting');
      expect(spans(trace, 'agent')).toEqual([
        expect.objectContaining({ status: 'failed', error: { code: 'Refused', message: 'I will not' } }),
      ]);
      // What a refusal cost is known, and counts.
      expect(trace.totals.cost).toBeGreaterThan(0);
      expect(spans(trace, 'timer')).toEqual([
        expect.objectContaining({ name: 'cooling down', status: 'waiting', duration: 3_600_000 }),
      ]);
      await run.cancel();
      await run.result().catch(() => undefined);
    });
  });

  it('shows what a budget stopped', async () => {
    const trace = await withScript([{ times: Infinity, reply: 'unused' }], async (baton) =>
      traceAfter(await baton.start(write, { text: 'x' }, { budget: { usd: 0.000001 } })),
    );
    expect(trace).toMatchObject({ status: 'failed', error: { code: 'BudgetExceeded' } });
    expect(spans(trace, 'agent')).toEqual([
      expect.objectContaining({
        status: 'failed',
        error: expect.objectContaining({ code: 'BudgetExceeded' }),
      }),
    ]);
  });

  it('counts a turn with a quote before it once', async () => {
    const trace = await withScript([done], async (baton) =>
      traceAfter(await baton.start(write, { text: 'x' }, { budget: { usd: 1 } })),
    );
    expect(trace.totals.turns).toBe(1);
    expect(spans(trace, 'turn')).toEqual([expect.objectContaining({ status: 'completed', step: 'final' })]);
  });

  it('ends what was open when the run was cancelled, and marks what may have been paid for', async () => {
    const trace = await withScript([{ reply: { hang: true } }], async (baton) => {
      const run = await baton.start(write, { text: 'x' });
      const running = await until(run, (now) => spans(now, 'turn').length > 0);
      expect(running).toMatchObject({ status: 'running' });
      expect(spans(running, 'agent')).toEqual([expect.objectContaining({ status: 'running' })]);
      expect(spans(running, 'turn')[0]?.end).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await run.cancel();
      return traceAfter(run);
    });
    expect(trace.status).toBe('cancelled');
    expect(all(trace).every(({ end }) => end !== undefined)).toBe(true);
    expect(spans(trace, 'turn')).toEqual([expect.objectContaining({ status: 'cancelled' })]);
    expect(trace.totals.unconfirmed.calls).toBe(1);
    expect(spans(trace, 'signal')).toEqual([expect.objectContaining({ name: 'cancel' })]);
  });

  it('hangs child runs below their spans, with their cost', async () => {
    const [trace, own] = await withScript([{ times: 2, ...done }], async (baton) => {
      const run = await baton.start(household, [{ text: 'a' }, { text: 'b' }]);
      const whole = await traceAfter(run);
      return [whole, await run.trace({ children: false })];
    });
    expect(trace.children.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['branch 0', 'branch 1']);
    const children = spans(trace, 'child');
    expect(children.map(({ path, type, status, output }) => ({ path, type, status, output }))).toEqual([
      { path: '0/write.1', type: 'write', status: 'completed', output: { usd: 1 } },
      { path: '1/write.1', type: 'write', status: 'completed', output: { usd: 1 } },
    ]);
    expect(children[0]?.children).toEqual([expect.objectContaining({ kind: 'agent', name: 'writer' })]);
    expect(trace.totals.turns).toBe(2);
    expect(children[0]?.totals.turns).toBe(1);
    const ids = all(trace).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(spans(own, 'agent')).toEqual([]);
  });

  it('follows a run that was continued as new, to the newest and from the first', async () => {
    const [trace, again] = await withScript([{ when: critic, times: 3, reply: 'ok' }], async (baton) => {
      const run = await baton.start(relay, 3);
      return [await traceAfter(run), await baton.run(run.id).trace()];
    });
    expect(trace).toMatchObject({ status: 'completed', output: 'ok', input: 3 });
    expect(trace.runIds).toHaveLength(3);
    expect(trace.totals.turns).toBe(3);
    expect(spans(trace, 'agent').map(({ input }) => input)).toEqual([
      { text: 'round 3' },
      { text: 'round 2' },
      { text: 'round 1' },
    ]);
    expect(again).toEqual(trace);
  });

  it('shows activities, timers, signals and updates of the user', async () => {
    const trace = await withScript([], async (baton) => {
      const run = await baton.start(plain, undefined);
      const handle = baton.client.workflow.getHandle(run.id);
      expect(await handle.executeUpdate('tell', { args: ['a secret'] })).toBe('heard a secret');
      await until(run, (now) => spans(now, 'timer').some(({ end }) => end !== undefined));
      await handle.signal('note', 'hello');
      return traceAfter(run);
    });
    expect(trace.status).toBe('completed');
    expect(spans(trace, 'activity')).toEqual([
      expect.objectContaining({ name: 'weigh', input: ['a feather'], output: 'a feather is light' }),
      expect.objectContaining({ name: 'weigh', output: 'a stone is light' }),
    ]);
    expect(spans(trace, 'timer')).toEqual([expect.objectContaining({ name: 'a short rest', duration: 10 })]);
    expect(spans(trace, 'signal')).toEqual([expect.objectContaining({ name: 'note', input: ['hello'] })]);
    expect(spans(trace, 'update')).toEqual([
      expect.objectContaining({ name: 'tell', input: ['a secret'], output: 'heard a secret' }),
    ]);
  });

  it('says why the workflow code cannot go on', async () => {
    await withScript([], async (baton) => {
      const run = await baton.start('broken', undefined);
      const trace = await until(run, ({ stuck }) => stuck !== undefined);
      expect(trace).toMatchObject({ status: 'running', stuck: { message: 'x is not a function' } });
      await baton.client.workflow.getHandle(run.id).terminate('enough');
      expect(await run.trace()).toMatchObject({
        status: 'failed',
        error: { code: 'Terminated', message: 'enough' },
      });
    });
  });

  it('is refused for a run that is not there', async () => {
    await withScript([], async (baton) => {
      await expect(baton.run('nobody').trace()).rejects.toMatchObject({ code: 'RunNotFound' });
      await expect(baton.run('nobody', crypto.randomUUID()).trace()).rejects.toMatchObject({
        code: 'RunNotFound',
      });
    });
  });
});

async function until(run: Run, met: (trace: Trace) => boolean): Promise<Trace> {
  for (;;) {
    const trace = await run.trace();
    if (met(trace)) return trace;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
