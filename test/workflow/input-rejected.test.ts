import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/agents/index.js';
import { renderTrace } from '../../src/cli/render-trace.js';
import { historyOf, spans } from '../support/spans.js';
import { openStage, outcomeOf, type Stage } from '../support/stage.js';

let paid = 0;
const pay = defineTool({
  description: 'Pays',
  input: z.object({ usd: z.number() }),
  effect: 'write',
  run: () => ++paid,
});
const careful = defineAgent({
  description: 'Decides refunds',
  instructions: 'You are careful.',
  model: ['small', 'large'],
  input: z.object({ text: z.string() }),
  output: z.object({ usd: z.number() }),
  tools: { pay },
  rejects: true,
});
const patient = defineAgent({ ...careful.spec, rejects: false });

const reject = (args: unknown) => ({ calls: [{ tool: 'reject_input', args }] });

describe('an agent that may reject its input', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(
      { pay, careful, patient },
      (model) => model.models('small', 'large'),
      new URL('./fixtures/reject.ts', import.meta.url),
    );
  });
  afterAll(() => stage.close());

  test.concurrent('is offered a function for it, and one that may not is not', async () => {
    const it = stage.case('offer-1').replies({ json: { usd: 1 } }, { json: { usd: 2 } });
    await it.ask('careful', { input: { text: 'offer-1' } });
    await it.ask('patient', { input: { text: 'offer-1' } });
    const [first, second] = it.arrivals.map(({ request }) => request.tools ?? []);
    expect(first).toHaveLength(2);
    expect(first?.[1]).toMatchObject({
      function: { name: 'reject_input', parameters: { required: ['reason'] } },
    });
    expect(second).toHaveLength(1);
  });

  test.concurrent('fails with the reason, without another turn, and what it cost is booked', async () => {
    const it = stage.case('reject-1').replies(reject({ reason: 'no order is named' }));
    const run = await it.start('careful', { input: { text: 'reject-1' } }, { budget: { usd: 1 } });
    expect(await outcomeOf(run)).toEqual({
      code: 'InputRejected',
      message: 'careful rejects its input: no order is named',
      details: { agent: 'careful', reason: 'no order is named' },
    });
    expect(it.asked).toEqual(['small']);
    const trace = await run.trace();
    const [agent] = spans(trace, 'agent');
    expect(agent).toMatchObject({
      status: 'failed',
      error: { code: 'InputRejected', message: 'no order is named' },
    });
    expect(spans(trace, 'turn')).toEqual([
      expect.objectContaining({ status: 'completed', step: 'inputRejected', rejection: 'no order is named' }),
    ]);
    expect(trace.totals.cost).toBeGreaterThan(0);
    expect(renderTrace(trace, { now: 0 })).toContain('rejects its input: no order is named');
  });

  test.concurrent('does nothing else that stands beside the rejection', async () => {
    const it = stage.case('beside-1').replies({
      calls: [
        { tool: 'pay', args: { usd: 5 } },
        { tool: 'reject_input', args: '' },
      ],
      text: 'this is empty',
    });
    const { details } = await it.ask('careful', { input: { text: 'beside-1' } });
    expect(details).toEqual({ agent: 'careful', reason: 'this is empty' });
    expect(paid).toBe(0);
  });

  test.concurrent('is not listened to where it may not', async () => {
    const it = stage.case('deaf-1').replies(reject({ reason: 'nothing there' }), { json: { usd: 3 } });
    expect((await it.ask('patient', { input: { text: 'deaf-1' } })).result?.output).toEqual({ usd: 3 });
    expect(it.lastOf(1)).toBe('Error: There is no tool "reject_input". The tools are: pay.');
  });

  test.concurrent(
    'is understood by the orchestration, also through a child, and booked in its ledger',
    async () => {
      const it = stage
        .case('upstream-1')
        .replies(
          reject({ reason: 'too vague (upstream-1)' }),
          { json: { usd: 4 } },
          reject({ reason: 'still too vague (upstream-1)' }),
        );
      const run = await stage.baton.start('sendBack', 'upstream-1', { budget: { usd: 1 } });
      expect(await run.result()).toEqual({
        direct: { agent: 'careful', reason: 'too vague (upstream-1)' },
        again: { usd: 4 },
        inChild: { agent: 'careful', reason: 'still too vague (upstream-1)' },
      });
      expect(it.arrivals[1]?.request.messages.at(-1)?.content).toBe(
        JSON.stringify({ text: 'upstream-1, more precisely: too vague (upstream-1)' }),
      );
      // The rejection is an ordinary answer of the model, recorded once.
      const history = JSON.stringify(await historyOf(stage.baton, run.id));
      expect(history).toContain('"kind":"inputRejected"');
    },
  );
});
