import { setTimeout as sleep } from 'node:timers/promises';
import { openStage } from '../support/stage.js';
import type * as workflows from './fixtures/own-state-workflows.js';
import * as agents from './fixtures/agents.js';

const stage = openStage(
  agents,
  (model) => model.models('large', 'small'),
  new URL('./fixtures/own-state-workflows.ts', import.meta.url),
);

describe('runs of one worker', () => {
  afterAll(async () => (await stage).close());

  it("share Baton's modules, which are loaded once, and have the user's each for itself", async () => {
    const { baton } = await stage;
    const runs = [1, 2, 3].map(() => baton.start<typeof workflows.ownState>('ownState', undefined));
    const states = await Promise.all(runs.map(async (run) => (await run).result()));
    expect(states).toEqual(Array(3).fill({ calls: 1, isBatonShared: true }));
  }, 60_000);

  it('get nothing of a run whose code was stopped as it went on without end', async () => {
    const { baton } = await stage;
    const stopped = await baton.start<typeof workflows.endless>('endless', undefined);
    const handle = baton.client.workflow.getHandle(stopped.id);
    const failed = async () =>
      (await handle.fetchHistory()).events?.some((event) => event.workflowTaskFailedEventAttributes);
    while (!(await failed())) await sleep(200);
    await handle.terminate();
    // Enough that each thread gets some.
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => baton.start<typeof workflows.parent>('parent', undefined)),
    );
    for (const run of runs) expect(await run.result()).toBe(`${run.id}/ownId.1`);
  }, 60_000);
});
