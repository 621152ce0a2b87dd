import { openStage } from '../support/stage.js';
import type { ownState } from './fixtures/own-state-workflows.js';
import * as agents from './fixtures/agents.js';

describe('runs of one worker', () => {
  it("share Baton's modules, which are loaded once, and have the user's each for itself", async () => {
    const stage = await openStage(
      agents,
      (model) => model.models('large', 'small'),
      new URL('./fixtures/own-state-workflows.ts', import.meta.url),
    );
    const runs = await Promise.all(
      [1, 2, 3].map(() => stage.baton.start<typeof ownState>('ownState', undefined)),
    );
    const states = await Promise.all(runs.map((run) => run.result()));
    await stage.close();
    expect(states).toEqual(Array(3).fill({ calls: 1, isBatonShared: true }));
  }, 60_000);
});
