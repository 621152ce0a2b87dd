import { fileURLToPath } from 'node:url';
import { defineAgent } from '../../../src/agents/index.js';
import { startOfflineModel } from '../../../src/dev/offline-model/server.js';
import { bundleWorkflows } from '../../../src/worker.js';
import { testServer } from '../../support/server.js';
import type { planned } from '../fixtures/plan-workflows.js';

const WORKFLOWS = fileURLToPath(new URL('../fixtures/plan-workflows.ts', import.meta.url));

const agents = {
  researcher: defineAgent({ model: 'small', description: 'Finds facts', instructions: 'You research.' }),
  writer: defineAgent({ model: 'small', description: 'Writes texts', instructions: 'You write.' }),
};

describe('plan with the offline model', () => {
  it.each(['each', 'end'] as const)('comes to an end, with review: %s', async (review) => {
    const model = await startOfflineModel();
    const { withWorker } = await testServer();
    const models = { small: { model: 'small', baseUrl: model.url } };
    const workflowBundle = await bundleWorkflows(WORKFLOWS);
    const result = await withWorker({ agents, models, workflowBundle }, async (baton) => {
      const goal = 'Find the opening hours of the museum. Then write an invitation to a visit.';
      const run = await baton.start<typeof planned>('planned', {
        goal,
        workers: ['researcher', 'writer'],
        options: { review },
      });
      return run.result();
    });
    await model.stop();
    const [first, second] = result.tasks;
    expect(result).toMatchObject({ missing: [], notes: [], plans: 1 });
    expect([first?.worker, second?.worker]).toEqual(['researcher', 'writer']);
    expect(second?.needs).toEqual([first?.id]);
  });
});
