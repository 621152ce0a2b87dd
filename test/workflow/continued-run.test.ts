import { randomUUID } from 'node:crypto';
import { fetchHistory } from '../../src/client.js';
import { openStage } from '../support/stage.js';
import * as agents from './fixtures/continued-agents.js';
import type * as workflows from './fixtures/continued-workflows.js';

const { keys, ...definitions } = agents;

describe('a run that is continued as new', () => {
  const stage = openStage(
    definitions,
    (model) => {
      const asked = { calls: [{ tool: 'pay', args: { usd: 5 } }] };
      model.script({
        times: Infinity,
        reply: ({ messages }) => (messages.at(-1)?.role === 'user' ? asked : 'done'),
      });
      return model.models('small');
    },
    new URL('./fixtures/continued-workflows.ts', import.meta.url),
  );
  afterAll(async () => (await stage).close());

  it('gives calls of the same place other keys than the run before, and the same ones after a reset', async () => {
    const { baton } = await stage;
    const run = await baton.start<typeof workflows.pays>('pays', 3);
    expect(await run.result()).toBe('done');
    expect(new Set(keys).size).toBe(3);

    const { client } = baton;
    const { runIds } = await run.trace();
    const events = await fetchHistory(client, run.id, runIds[1]);
    const first = events.find(({ workflowTaskCompletedEventAttributes: task }) => task);
    const reset: { runId?: string | null } = await client.workflowService.resetWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId: run.id, runId: runIds[1] ?? '' },
      reason: 'test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: first?.eventId ?? null,
    });
    expect(await baton.run(run.id, reset.runId ?? '').result()).toBe('done');
    // What the run had done before the reset is not done again; what the run after it does has the key that it had.
    expect(keys).toEqual([...keys.slice(0, 3), keys[2]]);
  });

  it('gives messages of a session keys of their own', async () => {
    const { baton } = await stage;
    const before = keys.length;
    const chat = baton.session('payer', { id: `pay-${randomUUID()}`, messagesPerRun: 1, keep: 1 });
    await chat.send('pay 5 now');
    await chat.send('pay 5 again');
    await chat.close();
    expect((await chat.run.trace()).runIds.length).toBeGreaterThan(1);
    expect(new Set(keys.slice(before)).size).toBe(2);
  });

  it('does not take the answer to a question of the run before for one to its own', async () => {
    const { baton } = await stage;
    const run = await baton.start<typeof workflows.asks>('asks', 1);
    const asked = async (title: string) => {
      for (;;) {
        const found = (await run.approvals({ wait: '10 seconds' })).find((one) => one.title === title);
        if (found) return found.id;
      }
    };
    const [unanswered, first] = [await asked('unanswered'), await asked('round 1')];
    await run.approve({ id: first, by: 'early' });
    const second = await asked('round 2');
    for (const id of [unanswered, first]) {
      await expect(run.approve({ id, by: 'late' })).rejects.toMatchObject({
        code: 'ApprovalInvalid',
        message: expect.stringContaining('it was asked before the run was continued as new'),
      });
    }
    await expect(run.approve({ id: `${run.id}/4`, by: 'late' })).rejects.toThrow('there is no approval');
    expect(second).toBe(`${run.id}/3`);
    await run.approve({ id: second, by: 'lead' });
    expect(await run.result()).toBe('lead');
  });

  it('takes no longer in all than the time-out of the child that it is', async () => {
    const { baton } = await stage;
    const run = await baton.start<typeof workflows.limitsAll>('limitsAll', undefined as never);
    expect(await run.result()).toMatchObject({ ok: false, failure: { code: 'TimedOut' } });
  });
});
