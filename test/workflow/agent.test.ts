import { fileURLToPath } from 'node:url';
import { startScriptedModel } from '../../src/testing/index.js';
import { bundleWorkflows } from '../../src/worker.js';
import { testServer } from '../support/server.js';
import * as agents from './fixtures/agents.js';
import { decide, refund } from './fixtures/workflows.js';

const bundle = bundleWorkflows(fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url)));

describe('an agent call', () => {
  it('goes from the input over tool calls to the typed output', async () => {
    const model = await startScriptedModel(
      { when: 'broken', reply: { calls: [{ tool: 'lookup', args: { word: 'lamp' } }] } },
      { when: 'the meaning of lamp', reply: { json: { usd: 10, reason: 'broken lamp' } } },
    );
    const server = await testServer();
    const output = await server.withWorker(
      { agents, models: model.models('small', 'large'), workflowBundle: await bundle },
      async (baton) => {
        const run = await baton.start(decide, { text: 'broken' });
        return run.result();
      },
    );
    expect(output).toEqual({ usd: 10, reason: 'broken lamp' });
    await model.stop();
  });

  it('waits for an approval', async () => {
    const model = await startScriptedModel(
      { when: 'You are the clerk.', reply: { json: { usd: 100, reason: 'broken lamp' } } },
      { when: 'You are the critic.', reply: 'fine' },
    );
    const server = await testServer();
    const output = await server.withWorker(
      { agents, models: model.models('small', 'large'), workflowBundle: await bundle },
      async (baton) => {
        const run = await baton.start(refund, { text: 'broken' });
        const [question] = await run.approvals({ wait: '10 seconds' });
        expect(question).toMatchObject({ title: 'Refund of $100' });
        await expect(run.approve({ by: 'somebody' })).rejects.toThrow(/is for lead/);
        expect(await baton.approvals({ approver: 'lead' })).toEqual([
          expect.objectContaining({ id: question?.id }),
        ]);
        await run.approve({ by: 'lead' });
        return run.result();
      },
    );
    expect(output).toEqual({ offer: { usd: 100, reason: 'broken lamp' }, verdict: 'fine' });
    await model.stop();
  });
});
