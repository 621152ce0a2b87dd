import { until } from '../support/agent-tool-script.js';
import { spans } from '../support/spans.js';
import { openStage } from '../support/stage.js';
import * as agents from './fixtures/abandoned-agents.js';
import type * as workflows from './fixtures/abandoned-workflows.js';

const { notes, gate, ...definitions } = agents;
const workflowsOf = new URL('./fixtures/abandoned-workflows.ts', import.meta.url);

describe('the other calls of a message of which one fails', () => {
  it('are cancelled, and none is begun any more, also where the run goes on', async () => {
    const lacking = await openStage({}, (model) => model.models('small'), workflowsOf);
    const elsewhere = { taskQueue: lacking.baton.taskQueue };
    const lost = { ...agents.lost, spec: { ...agents.lost.spec, ...elsewhere } };
    const { tools } = agents.clerk.spec;
    const clerk = { ...agents.clerk, spec: { ...agents.clerk.spec, tools: { ...tools, lost } } };
    const stage = await openStage(
      { ...definitions, lost, clerk },
      (model) => model.models('small'),
      workflowsOf,
    );
    const { baton, model } = stage;
    const call = (tool: string, args: object) => ({ tool, args });
    model.script(
      {
        when: 'You are the clerk.',
        reply: {
          calls: [
            call('helper', { input: 'here' }),
            call('aide', { input: 'there' }),
            call('waits', { text: 'the wait' }),
            call('waitsForGate', { text: 'x' }),
            call('lost', { text: 'x' }),
            call('note', { text: 'too late' }),
          ],
        },
      },
      { when: 'You are the helper.', reply: { hang: true } },
      { when: 'You are the aide.', reply: { hang: true } },
    );
    const run = await baton.start<typeof workflows.asks>('asks', 'go');
    await until(() => model.arrivals.length === 3 && notes.length === 1);
    gate.open();
    await until(() => model.arrivals.filter(({ abandoned }) => abandoned).length === 2);
    await until(() => notes.length > 1);
    await until(async () => spans(await run.trace(), 'child')[0]?.status === 'cancelled');
    await run.emit({ name: 'end' });
    expect(await run.result()).toMatchObject({ ok: false, failure: { code: 'ToolUnknown' } });
    expect(notes).toEqual(['the wait begins', 'the wait was cancelled']);
    await stage.close();
    await lacking.close();
  });
});
