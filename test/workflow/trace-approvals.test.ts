import { fileURLToPath } from 'node:url';
import type { Baton, Run, Span, SpanOf, Trace } from '../../src/client.js';
import { startScriptedModel, type ScriptEntry } from '../../src/testing/index.js';
import { bundleWorkflows } from '../../src/worker.js';
import { testServer } from '../support/server.js';
import * as agents from './fixtures/trace-agents.js';
import { ask, askTwice, write } from './fixtures/trace-workflows.js';

const bundle = bundleWorkflows(fileURLToPath(new URL('./fixtures/trace-workflows.ts', import.meta.url)));

async function withScript<T>(script: ScriptEntry[], fn: (baton: Baton) => Promise<T>): Promise<T> {
  const model = await startScriptedModel(...script);
  const server = await testServer();
  const options = { agents, models: model.models('small', 'large'), workflowBundle: await bundle };
  const result = await server.withWorker(options, fn);
  await model.stop();
  return result;
}

function spans<K extends Span['kind']>(span: Span, kind: K): SpanOf<K>[] {
  const here = span.kind === kind ? [span as SpanOf<K>] : [];
  return [...here, ...span.children.flatMap((child) => spans(child, kind))];
}

const asks = { reply: { calls: [{ tool: 'pay', args: { usd: 5 } }] } };
const done = { reply: { json: { usd: 1 } } };

async function asked(run: Run): Promise<Trace> {
  await run.approvals({ wait: '10 seconds' });
  return run.trace();
}

function signal(baton: Baton, run: Run, answer: unknown) {
  return baton.client.workflow.getHandle(run.id).signal('approve', answer);
}

describe('the trace of an approval', () => {
  it('waits, and says who decided, and how', async () => {
    await withScript([], async (baton) => {
      const run = await baton.start(ask, '1 day');
      const waiting = await asked(run);
      expect(waiting.status).toBe('waiting');
      expect(waiting.children).toEqual([
        expect.objectContaining({
          kind: 'approval',
          name: 'Go on?',
          status: 'waiting',
          approvalId: `${run.id}/1`,
          request: expect.objectContaining({ approvers: ['lead'], options: ['left', 'right'] }),
        }),
      ]);
      await run.approve({ by: 'lead', choice: 'left', comment: 'fine' });
      const decision = await run.result();
      const trace = await run.trace();
      expect(spans(trace, 'approval')).toEqual([
        expect.objectContaining({ status: 'completed', decision: { ...decision, via: 'update' } }),
      ]);
      expect(spans(trace, 'update')).toEqual([]);
      expect(spans(trace, 'timer')).toEqual([]);
    });
  });

  it('expires at its deadline', async () => {
    await withScript([], async (baton) => {
      const run = await baton.start(ask, '1 second');
      await run.result();
      expect(spans(await run.trace(), 'approval')).toEqual([
        expect.objectContaining({
          status: 'timedOut',
          decision: expect.objectContaining({ status: 'expired', approved: false, via: 'deadline' }),
        }),
      ]);
    });
  });

  it('takes a signal that fits, and shows those that were ignored', async () => {
    await withScript([], async (baton) => {
      const run = await baton.start(ask, '1 day');
      await asked(run);
      await signal(baton, run, { by: 'somebody' });
      await signal(baton, run, { by: 'lead', choice: 'up' });
      await signal(baton, run, 'yes');
      expect(spans(await run.trace(), 'approval')).toEqual([expect.objectContaining({ status: 'waiting' })]);
      await signal(baton, run, { approved: false, by: 'lead', comment: 'no' });
      const decision = await run.result();
      const trace = await run.trace();
      expect(spans(trace, 'approval').map((span) => span.decision)).toEqual([
        { ...decision, at: expect.any(Number), via: 'signal' },
      ]);
      expect(spans(trace, 'signal').map(({ name, error }) => [name, error?.message])).toEqual([
        ['approve', 'ignored: it is for lead'],
        ['approve', 'ignored: "up" is not among the options'],
        ['approve', 'ignored: it is not an answer'],
      ]);
    });
  });

  it('tells several questions apart', async () => {
    await withScript([], async (baton) => {
      const run = await baton.start(askTwice, undefined);
      while ((await run.approvals()).length < 2);
      await signal(baton, run, { by: 'anna' }); // names none
      await signal(baton, run, { id: `${run.id}/2`, by: 'anna' });
      await signal(baton, run, { id: 2, by: 'ben' }); // too late
      await run.approve({ id: '1', by: 'carl' });
      await run.result();
      const trace = await run.trace();
      const decided = spans(trace, 'approval').map(({ path, decision }) => [
        path,
        decision?.by,
        decision?.via,
      ]);
      expect(decided).toEqual([
        ['0/approval.1', 'carl', 'update'],
        ['1/approval.1', 'anna', 'signal'],
      ]);
      expect(spans(trace, 'signal').map(({ error }) => error?.message)).toEqual([
        'ignored: several approvals wait, and it names none',
        'ignored: it is already decided',
      ]);
    });
  });

  it('stands with the tool call that it is about', async () => {
    await withScript([asks, done], async (baton) => {
      const run = await baton.start(write, { text: 'x' });
      const waiting = await asked(run);
      expect(waiting.status).toBe('waiting');
      expect(spans(waiting, 'agent')).toEqual([expect.objectContaining({ status: 'waiting' })]);
      const [tool] = spans(waiting, 'tool');
      expect(tool).toMatchObject({ name: 'pay', status: 'waiting', input: { usd: 5 } });
      expect(tool?.children).toEqual([expect.objectContaining({ kind: 'approval', status: 'waiting' })]);
      expect(waiting.children).toHaveLength(1);
      await run.approve({ by: 'lead' });
      await run.result();
      expect(spans(await run.trace(), 'tool')).toEqual([
        expect.objectContaining({ status: 'completed', output: 'paid 5' }),
      ]);
    });
  });

  it('shows a rejected tool call as not done, with what the model was told', async () => {
    await withScript([asks, done], async (baton) => {
      const run = await baton.start(write, { text: 'x' });
      await asked(run);
      await run.reject({ by: 'lead', comment: 'too much' });
      await run.result();
      const trace = await run.trace();
      expect(spans(trace, 'tool')).toEqual([
        expect.objectContaining({
          status: 'cancelled',
          output: 'Not done: rejected by lead: too much',
          children: [
            expect.objectContaining({
              decision: expect.objectContaining({ status: 'rejected', by: 'lead' }),
            }),
          ],
        }),
      ]);
      expect(spans(trace, 'agent')).toEqual([expect.objectContaining({ status: 'completed' })]);
    });
  });

  it('is withdrawn with its cancelled run', async () => {
    await withScript([], async (baton) => {
      const run = await baton.start(ask, '1 day');
      await asked(run);
      await run.cancel();
      await run.result().catch(() => undefined);
      const [approval] = spans(await run.trace(), 'approval');
      expect(approval).toMatchObject({ status: 'cancelled' });
      expect(approval?.decision).toBeUndefined();
    });
  });
});
