import type { Json } from '../../src/agents/json.js';
import { spans } from '../support/spans.js';
import { openStage, outcomeOf, type Stage } from '../support/stage.js';
import * as agents from './fixtures/handoff-agents.js';

const to = (agent: string, message?: string) => ({
  calls: [{ tool: `transfer_to_${agent}`, args: message === undefined ? {} : { message } }],
});

describe('the bounds of a hand-off', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(agents, (scripted) => scripted.models('small', 'large'));
  });
  afterAll(() => stage.close());

  test.concurrent('goes round no more often than the limit allows, and the trace shows it', async () => {
    const round = [to('billing', 'yours'), to('triage', 'no, yours')];
    // Billing may take 3 turns and 5 hand-offs in a call.
    const it = stage.case('round-1').replies(...round, ...round, ...round);
    const run = await it.start('triage');
    expect(await outcomeOf(run)).toMatchObject({
      code: 'LimitReached',
      message:
        'billing may not hand over to triage: limits.handoffs is 5, and it went triage → billing → triage → billing → triage → billing',
    });
    const [call, ...taken] = spans(await run.trace(), 'agent');
    expect(call).toMatchObject({ status: 'failed', error: { code: 'LimitReached' } });
    expect(taken.map(({ path, status }) => [path, status])).toEqual([
      ['triage.1/billing.1', 'completed'],
      ['triage.1/triage.1', 'completed'],
      ['triage.1/billing.2', 'completed'],
      ['triage.1/triage.2', 'completed'],
      ['triage.1/billing.3', 'failed'],
    ]);
  });

  test.concurrent('counts the turns of each agent over the whole call', async () => {
    const it = stage
      .case('turns-1')
      .replies(to('billing'), { calls: [{ tool: 'nothing' }] }, to('triage'), to('billing'), {
        calls: [{ tool: 'nothing' }],
      });
    const run = await it.start('triage');
    expect(await outcomeOf(run)).toMatchObject({
      code: 'LimitReached',
      message: expect.stringContaining('agent "billing" took 3 turns without an output'),
    });
    expect(spans(await run.trace(), 'turn').map(({ name }) => name)).toEqual([
      'turn 1',
      'turn 1',
      'turn 2',
      'turn 2',
      'turn 3',
      'turn 4',
    ]);
  });

  test.concurrent('is taken with the other agent’s models and pin, and one ledger', async () => {
    const it = stage.case('models-1').replies({ status: 401 }, to('tech'), to('triage'), 'end');
    const { result } = await it.ask('triage', {}, { budget: { usd: 1 } });
    // Triage fell back to its second model, and goes on with it when it gets the conversation back.
    expect(it.asked).toEqual(['small', 'large', 'small', 'large']);
    expect(result?.agent).toMatchObject({ name: 'triage', model: 'large' });
    const own = stage.case('models-2').replies(to('sales'), 'short (models-2)', 'end');
    await own.ask('triage', { options: { model: 'large' } });
    expect(own.asked).toEqual(['large', 'small', 'large']);
  });

  test.concurrent('ends where the budget does', async () => {
    const it = stage.case('budget-1').replies({ ...to('billing'), text: 'a long story '.repeat(300) });
    // Enough for the highest price of the first turn, and not for that of a second one after what the first has cost.
    const run = await it.start('triage', {}, { budget: { tokens: 5_000 } });
    expect(await outcomeOf(run)).toMatchObject({ code: 'BudgetExceeded' });
    const [call, taken] = spans(await run.trace(), 'agent');
    expect([call, taken].map((span) => [span?.name, span?.status, span?.error?.code])).toEqual([
      ['triage', 'failed', 'BudgetExceeded'],
      ['billing', 'failed', 'BudgetExceeded'],
    ]);
  });

  test.concurrent('lets the conversation be continued with whoever had it last', async () => {
    const it = stage.case('on-1').replies(to('billing'), 'first', 'second');
    const calls = [
      { agent: 'triage', input: 'on-1' },
      { agent: 'billing', input: 'and on-1 again' },
    ];
    const run = await stage.baton.start('askOn', calls as Json);
    expect(await run.result()).toMatchObject([
      { output: 'first' },
      { output: 'second', transcript: { length: 6 } },
    ]);
    expect(spans(await run.trace(), 'agent')).toHaveLength(3);
    expect(it.arrivals[2]?.request.messages).toHaveLength(1 + 5);
  });
});
