import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { z } from 'zod';
import { toolActivity } from '../../../src/activities/call-tool.js';
import { TranscriptCache } from '../../../src/activities/transcript-cache.js';
import { defineTool } from '../../../src/agents/index.js';

const pay = defineTool({
  description: 'Pays',
  input: z.object({}),
  effect: 'write',
  run: () => 'paid',
});
const activity = toolActivity(
  { name: 'pay', description: 'Pays', parameters: {}, tool: pay },
  new TranscriptCache(1_000),
);

const away = () => {
  throw new Error('Temporal is away');
};
const connection = Connection.lazy({ interceptors: [away] });
afterAll(() => connection.close());

const environment = () =>
  new MockActivityEnvironment(
    { workflowExecution: { workflowId: 'w', runId: 'run' } },
    { client: new Client({ connection }) },
  );

describe('a call of a tool that writes', () => {
  it.each([
    ['of the first run', { origin: 'run' }],
    ['of a run that was continued as new', { origin: 'first/2', began: 'run' }],
    ['of a run that was tried again', { origin: 'first', began: 'run' }],
  ])('asks the server nothing in the ordinary case: %s', async (_, origin) => {
    const call = { transcript: 1, message: 1, call: 0, ...origin };
    expect(await environment().run(activity, {}, call)).toMatchObject({ message: { content: 'paid' } });
  });

  it('is not made where nobody can tell what the run that was reset has done', async () => {
    const call = { transcript: 1, message: 1, call: 0, origin: 'before' };
    await expect(environment().run(activity, {}, call)).rejects.toThrow('Temporal is away');
  });
});
