import { randomUUID } from 'node:crypto';
import type { Baton } from '../../src/client.js';
import { testServer } from '../support/server.js';

/** From this attempt of a workflow task on Temporal refuses updates of its run. */
const REFUSED_FROM_ATTEMPT = 3;

/** A worker whose workflow code fails: workflow tasks are taken, and failed, until one is the given attempt. */
async function failTasks({ client }: Baton, taskQueue: string): Promise<void> {
  const { namespace } = client.options;
  const queue = { namespace, taskQueue: { name: taskQueue } };
  for (;;) {
    const task = await client.withDeadline(Date.now() + 60_000, () =>
      client.workflowService.pollWorkflowTaskQueue(queue),
    );
    if (task.taskToken.length === 0) continue;
    await client.workflowService.respondWorkflowTaskFailed({ namespace, taskToken: task.taskToken });
    if (task.attempt >= REFUSED_FROM_ATTEMPT) return;
  }
}

describe('a session whose workflow tasks fail', () => {
  it('is sent a message again for as long as there is time', async () => {
    const taskQueue = `test-${randomUUID()}`;
    await using baton = await (await testServer()).connect(taskQueue);
    const id = `stalled-${randomUUID()}`;
    await baton.client.workflow.start('baton_session', { workflowId: id, taskQueue });
    await failTasks(baton, taskQueue);

    const sent = baton.session('clerk', { id }).send('hello', { timeout: '5 seconds' });
    const error = await sent.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'TimedOut' });
    const codes: unknown[] = [];
    for (let at = (error as Error).cause; at instanceof Error; at = at.cause)
      codes.push((at as Error & { code?: number }).code);
    expect(codes).toContain(9);
    await baton.client.workflow.getHandle(id).terminate();
  });
});
