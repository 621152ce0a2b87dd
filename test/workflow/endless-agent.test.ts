import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import type { Json } from '../../src/agents/json.js';
import { renderTrace } from '../../src/cli/render-trace.js';
import { startScriptedModel, type ChatRequest, type Reply } from '../../src/testing/index.js';
import { bundleWorkflows, createWorker } from '../../src/worker.js';
import type { AgentRun } from '../../src/workflows/orchestrations/agent.js';
import { spans } from '../support/spans.js';
import { testServer } from '../support/server.js';
import * as agents from './fixtures/endless-agents.js';

const TURNS = 5_000;
const BORDER = 2_500;
/** Steps after which its worker is stopped, and another one goes on. */
const RESTARTS = [1_200, 3_300];
const INPUT = 'Go the whole way.';

describe('an agent that takes thousands of turns', () => {
  it('takes each of them once, over restarts of its workers, an event and an approval', async () => {
    const wrong: string[] = [];
    let step = 0;
    const model = await startScriptedModel();
    model.script({
      times: Infinity,
      reply: (request) => {
        // What was asked is not kept: it would fill the memory.
        model.requests.length = 0;
        model.arrivals.length = 0;
        const { last, problem } = lastStepIn(request);
        if (problem !== undefined) wrong.push(`after step ${last}: ${problem}`);
        step = last + 1;
        return answer(step);
      },
    });
    const { address } = await testServer();
    const taskQueue = `endless-${randomUUID()}`;
    const workflowBundle = await bundleWorkflows(
      fileURLToPath(new URL('./fixtures/ask.ts', import.meta.url)),
    );
    const openWorker = async () => {
      const connection = await NativeConnection.connect({ address });
      const worker = await createWorker({
        agents,
        models: model.models('small'),
        workflowBundle,
        connection,
        taskQueue,
      });
      const running = worker.run();
      return async () => {
        worker.shutdown();
        await running;
        await connection.close();
      };
    };
    let close = await openWorker();
    await using baton = await (await testServer()).connect(taskQueue);
    const run = await baton.start<(run: AgentRun) => Promise<Json>>('agent', {
      agent: 'pilgrim',
      input: INPUT,
      placement: { keep: 20_000 },
    });
    const guard = (async () => {
      for (;;) {
        const [asked] = await run.approvals({ wait: '10 minutes' });
        if (asked) return run.approve({ id: asked.id, by: 'guard' });
      }
    })();
    for (const restart of RESTARTS) {
      while (step < restart) await delay(50);
      await run.emit({ name: 'weather', data: { at: restart } });
      await close();
      close = await openWorker();
    }
    await guard;
    expect(await run.result()).toEqual({ arrived: TURNS });
    const trace = await run.trace();
    await close();
    await model.stop();
    expect(wrong).toEqual([]);
    expect(spans(trace, 'turn').map(({ turn }) => turn)).toEqual(
      Array.from({ length: TURNS }, (_, i) => i + 1),
    );
    expect(spans(trace, 'agent')).toMatchObject([{ input: INPUT, output: { arrived: TURNS } }]);
    expect(spans(trace, 'approval')).toMatchObject([{ decision: { status: 'approved', by: 'guard' } }]);
    expect(spans(trace, 'signal')).toHaveLength(RESTARTS.length);
    expect(trace.runIds.length).toBeGreaterThan(3);
    const shown = renderTrace(trace, { now: Date.now() });
    expect(shown.split('\n').length).toBeLessThan(100);
    expect(shown).toContain('turns more');
  }, 600_000);
});

function answer(step: number): Reply {
  if (step === BORDER) return { calls: [{ tool: 'cross', args: { step } }] };
  return step === TURNS ? { json: { arrived: step } } : { json: { step } };
}

/** The step that the newest message follows on; what is said before must lead up to it, from the input on. */
function lastStepIn({ messages }: ChatRequest): { last: number; problem?: string } {
  const [, input, ...rest] = messages.map(({ role, content }) => ({ role, text: String(content) }));
  const steps = messages.flatMap(({ role, content, tool_calls: calls }) => {
    if (role !== 'assistant') return [];
    const found = /"?step\\?"?:(\d+)/.exec(JSON.stringify(calls ?? content).replaceAll('\\', ''));
    return [Number(found?.[1] ?? NaN)];
  });
  const last = steps.at(-1) ?? 0;
  const gap = steps.findIndex((step, i) => i > 0 && step !== (steps[i - 1] ?? 0) + 1);
  const newest = rest.at(-1);
  const follows =
    last === BORDER ? newest?.text === `step ${last} done` : newest?.text.includes('Answer again');
  if (input?.text !== INPUT) return { last, problem: 'the input is gone' };
  if (gap > 0 || Number.isNaN(last)) return { last, problem: `the steps are ${steps.join()}` };
  if (last > 0 && !follows) return { last, problem: `it ends with ${newest?.text}` };
  const left = rest.find(({ text }) => text.includes('left out'));
  const isCut = steps[0] !== undefined && steps[0] > 1;
  if (isCut !== (left !== undefined)) return { last, problem: 'what is left out is not told' };
  return { last };
}
