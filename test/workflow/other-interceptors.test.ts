import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { SimplePlugin } from '@temporalio/plugin';
import { NativeConnection } from '@temporalio/worker';
import { startScriptedModel } from '../../src/testing/index.js';
import { createWorker } from '../../src/worker.js';
import { readerScript } from '../support/reader-script.js';
import { testServer } from '../support/server.js';
import * as agents from './fixtures/durable-agents.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

describe('interceptors of the application behind those of Baton', () => {
  it.each([
    ['activities', {}],
    ['local activities', { placement: { placement: 'local' } }],
  ])(
    'may wait before they go on: %s have their arguments all the same',
    async (_, placement) => {
      const late = new SimplePlugin({
        name: 'late',
        workerInterceptors: { workflowModules: [path('./fixtures/late-interceptors.ts')] },
      });
      const server = await testServer();
      // Its plugins come after Baton's own.
      const connection = await NativeConnection.connect({ address: server.address, plugins: [late] });
      const model = await startScriptedModel(readerScript(2));
      const taskQueue = `interceptors-${randomUUID()}`;
      const worker = await createWorker({
        agents,
        models: model.models('small'),
        workflows: path('./fixtures/durable-workflows.ts'),
        connection,
        taskQueue,
      });
      const baton = await server.connect(taskQueue);
      const result = await worker.runUntil(async () => {
        const run = await baton.start<(input: object) => Promise<unknown>>('agent', {
          agent: 'reader',
          input: 'Emma',
          ...placement,
        });
        return run.result();
      });
      expect(result).toBe('read Emma');
      const said = JSON.stringify(model.requests.at(-1)?.messages);
      expect(said).toMatch(/page 0 page 0.*page 1 page 1/);
      await baton.close();
      await connection.close();
      await model.stop();
    },
    60_000,
  );
});
