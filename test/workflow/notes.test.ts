import { renderTrace } from '../../src/cli/render-trace.js';
import { COST, pricedRefusal } from '../support/priced-answer.js';
import { openStage } from '../support/stage.js';
import type { Orchestration } from '../../src/client.js';
import * as agents from './fixtures/budget-agents.js';
import type * as workflows from './fixtures/budget-workflows.js';

const stage = openStage(
  agents,
  (model) => model.models('large', 'small', 'other'),
  new URL('./fixtures/budget-workflows.ts', import.meta.url),
);

async function start<Fn extends Orchestration>(name: string, input: Parameters<Fn>[0]) {
  return (await stage).baton.start<Fn>(name, input);
}

describe('what did not go as it should', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('another agent, a fixed value or a person stands for what failed', async () => {
    const { model } = await stage;
    model.script(
      { when: 'falls; value', times: 2, reply: pricedRefusal },
      {
        when: ({ model: name, messages }) => name === 'large' && JSON.stringify(messages).includes('falls;'),
        times: 2,
        reply: { status: 401 },
      },
      { when: 'falls; agent', reply: 'from the other' },
    );
    const run = await start<typeof workflows.falls>('falls', 'falls;');
    const [question] = await run.approvals({ wait: '30 seconds' });
    expect(question).toMatchObject({ title: 'What is it?', approvers: ['lead'] });
    expect(question?.details).toMatchObject({ input: 'falls; person', failure: { code: 'Unauthorized' } });
    await run.approve({ by: 'lead', edits: 'from the lead' });

    const { outputs, notes, cost } = await run.result();
    expect(outputs).toEqual(['from the other', 'fixed', 'from the lead']);
    // What the agent cost that refused, and the fall-back that did too.
    expect(cost).toBeCloseTo(2 * COST, 8);
    expect(notes.map(({ kind, at, instead, code }) => [kind, at, instead, code])).toEqual([
      ['fallback', 'echo.1', 'other stands for it', 'Unauthorized'],
      ['fallback', 'echo.2', 'a fixed value stands for it', 'Refused'],
      ['fallback', 'echo.4', 'lead stands for it', 'Unauthorized'],
    ]);
    expect(await run.notes()).toEqual(notes);
  });

  test.concurrent('what a person gives is required, and must fit the schema of the agent', async () => {
    const { model } = await stage;
    model.script({ when: 'priced;', reply: { status: 401 } });
    const run = await start<typeof workflows.priced>('priced', 'priced;');
    const [question] = await run.approvals({ wait: '30 seconds' });
    expect(question).toMatchObject({ n: 1, edits: 'required' });
    expect(renderTrace(await run.trace(), { now: Date.now() })).toContain(`--by lead --edits '<JSON>'`);
    await expect(run.approve({ by: 'lead' })).rejects.toMatchObject({
      code: 'ApprovalInvalid',
      message: expect.stringContaining('needs edits') as string,
    });
    expect(await run.approvals()).toHaveLength(1);
    await run.approve({ by: 'lead', edits: { usd: 'ten' } });
    const [again] = await run.approvals({ wait: '30 seconds' });
    expect(again).toMatchObject({
      n: 2,
      details: {
        input: 'priced;',
        given: { usd: 'ten' },
        problem: expect.stringContaining('expected number') as string,
      },
    });
    await run.approve({ by: 'lead', edits: { usd: 10 } });
    expect(await run.result()).toMatchObject({ output: { usd: 10 }, agent: { name: 'lead' } });
  });

  test.concurrent('a question whose run has ended is shown as closed', async () => {
    const { model } = await stage;
    model.script({ when: 'ended;', reply: { status: 401 } });
    const run = await start<typeof workflows.priced>('priced', 'ended;');
    await run.approvals({ wait: '30 seconds' });
    await (await stage).baton.client.workflow.getHandle(run.id).terminate('enough');
    const shown = renderTrace(await run.trace(), { now: Date.now() });
    expect(shown).toContain('closed');
    expect(shown).not.toContain('waits for');
  });

  test.concurrent('where nothing can stand for it, the call fails as it did', async () => {
    const { model } = await stage;
    model.script({ when: 'alone;', times: 2, reply: { status: 401 } });
    const run = await start<typeof workflows.alone>('alone', 'alone;');
    await expect(run.result()).rejects.toMatchObject({ cause: { type: 'Unauthorized' } });
    expect(await run.notes()).toEqual([]);
  });

  test.concurrent('what is missing stands at the top of the trace, that of children too', async () => {
    const { model } = await stage;
    model.script(
      { when: 'lacks; fine', reply: 'fine' },
      { when: /lacks; (lost|replaced|below)/, times: 3, reply: { status: 401 } },
    );
    const run = await start<typeof workflows.lacks>('lacks', 'lacks;');
    expect(await run.result()).toMatchObject({
      results: { fine: 'fine', replaced: 'instead', below: 'from below' },
    });
    const trace = await run.trace();
    expect(trace.notes.map(({ kind, at, code, workflowId }) => [kind, at, code, workflowId])).toEqual([
      ['fallback', 'replaced', 'Unauthorized', undefined],
      ['missing', 'lost', 'Unauthorized', undefined],
      ['fallback', '', 'Unauthorized', `${run.id}/below/lacksBelow.1`],
    ]);
    const [head, , , ...lines] = renderTrace(trace, { now: Date.now() }).split('\n');
    expect(head).toContain('completed');
    expect(lines.slice(0, 3)).toEqual([
      expect.stringMatching(/^ {2}! replaced: its fall-back stands for it \(Unauthorized: /),
      expect.stringMatching(/^ {2}! missing: lost \(Unauthorized: /),
      expect.stringMatching(/^ {2}! .*below.*its fall-back stands for it \(Unauthorized: /),
    ]);
  });

  test.concurrent('a run in which all went well has no note, and no event for one', async () => {
    const { model } = await stage;
    model.script({ when: 'well;', reply: 'done' });
    const run = await start<typeof workflows.works>('works', 'well;');
    expect(await run.result()).toMatchObject({ output: 'done', notes: [] });
    const { events } = await (await stage).baton.client.workflow.getHandle(run.id).fetchHistory();
    expect(events?.some((event) => event.workflowPropertiesModifiedEventAttributes)).toBe(false);
  });
});
