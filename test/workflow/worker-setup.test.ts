import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection } from '@temporalio/worker';
import { startScriptedModel } from '../../src/testing/index.js';
import { bundleWorkflows, createWorker } from '../../src/worker.js';
import { testServer } from '../support/server.js';
import * as agents from './fixtures/agents.js';
import { decide, quick } from './fixtures/workflows.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url));
const bundle = bundleWorkflows(workflowsPath);

describe('the workflow bundle', () => {
  it('carries neither zod nor modules of Node', async () => {
    const { code } = await bundle;
    expect(code).not.toMatch(/node_modules\/zod\//);
    expect(code).not.toMatch(/node_modules\/openai\//);
    expect(code).not.toMatch(/require\("(node:|fs|crypto|http)/);
  });

  it('is refused at the start of the worker where it was made without Baton', async () => {
    const { address } = await testServer();
    const connection = await NativeConnection.connect({ address });
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./fixtures/plain-workflows.ts', import.meta.url)),
    });
    await expect(createWorker({ agents, workflowBundle, connection, taskQueue: 'never' })).rejects.toThrow(
      /the workflow bundle was made without Baton/,
    );
    await connection.close();
  });
});

describe('a worker that lacks what the others of its queue have', () => {
  it('fails an agent call by name, and the tool call of an agent that another worker has', async () => {
    const model = await startScriptedModel({
      when: 'You are the clerk.',
      reply: { calls: [{ tool: 'lookup', args: { word: 'a' } }] },
    });
    const { address, connect } = await testServer();
    const taskQueue = `test-${randomUUID()}`;
    const models = model.models('small', 'large');
    // The first worker takes the turn, the second one, without the tool, its call.
    const other = `test-${randomUUID()}`;
    const lookup = { ...agents.lookup, spec: { ...agents.lookup.spec, taskQueue: other, attempts: 1 } };
    const clerk = { ...agents.clerk, spec: { ...agents.clerk.spec, tools: { lookup } } };
    const connections = await Promise.all([1, 2].map(() => NativeConnection.connect({ address })));
    const [first, second] = connections;
    if (!first || !second) throw new Error('no connection');
    const worker = await createWorker({
      agents: { lookup, clerk },
      models,
      workflowBundle: await bundle,
      connection: first,
      taskQueue,
    });
    const lacking = await createWorker({
      agents: {},
      workflowBundle: await bundle,
      connection: second,
      taskQueue: other,
    });
    await lacking.runUntil(
      worker.runUntil(async () => {
        await using baton = await connect(taskQueue);
        const run = await baton.start(decide, { text: 'x' });
        await expect(run.result()).rejects.toMatchObject({ cause: { type: 'ToolUnknown' } });
      }),
    );
    for (const connection of connections) await connection.close();
    await model.stop();
  });
});

describe('the handlers', () => {
  it('are there before user code, also where a signal starts the run', async () => {
    const server = await testServer();
    await server.withWorker({ agents: {}, workflowBundle: await bundle }, async (baton) => {
      const handle = await baton.client.workflow.signalWithStart('quick', {
        workflowId: `quick-${randomUUID()}`,
        taskQueue: baton.taskQueue,
        args: ['a'],
        signal: 'approve',
        signalArgs: [{ by: 'nobody' }],
      });
      // No question waits: the answer stands in the history and changes nothing.
      expect(await handle.result()).toBe('a');
    });
  });

  it('answer an update of a run that ends at once', async () => {
    const server = await testServer();
    await server.withWorker({ agents: {}, workflowBundle: await bundle }, async (baton) => {
      const run = await baton.start(quick, 'b');
      expect(await run.result()).toBe('b');
      await expect(run.approve({ id: `${run.id}/1` })).rejects.toMatchObject({ code: 'RunNotFound' });
    });
  });
});
