import { fileURLToPath } from 'node:url';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import * as activities from '../../../examples/ticket-routing/activities.js';
import * as agents from '../../../examples/ticket-routing/agents.js';
import config from '../../../examples/ticket-routing/baton.config.js';
import type { Models } from '../../../src/agents/index.js';
import type { Baton } from '../../../src/client.js';
import { bundleFromSources } from '../../support/bundle.js';
import { testServer } from '../../support/server.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
});

let bundle: ReturnType<typeof bundleFromSources> | undefined;

/** The example's models, answered at another address, where they have no price by themselves. */
export function modelsAt(baseUrl: string): Models {
  const { small, large } = config.models;
  return {
    small: { ...small, baseUrl, price: { input: 0.05, output: 0.4 } },
    large: { ...large, baseUrl, price: { input: 1.25, output: 10 } },
  };
}

/** The example's worker, until it is closed: before the connection to the server is, in an `afterAll` of a `describe`. */
export interface Routing {
  baton: Baton;
  close: () => Promise<void>;
}

export async function openRouting(models: Models): Promise<Routing> {
  bundle ??= bundleFromSources(
    fileURLToPath(new URL('../../../examples/ticket-routing/workflows.ts', import.meta.url)),
  );
  const workflowBundle = await bundle;
  const server = await testServer();
  return new Promise((resolve, reject) => {
    let end: () => void;
    const ended = new Promise<void>((done) => (end = done));
    const worker = server.withWorker(
      { agents, models, workflowBundle, worker: { activities: { ...activities } } },
      async (baton) => {
        const close = async () => {
          end();
          await worker;
        };
        resolve({ baton, close });
        await ended;
      },
    );
    worker.catch(reject);
  });
}

/** Has the worker read a folder of data instead of the example's own, for as long as `fn` takes. */
export async function onData<T>(folder: string, fn: () => Promise<T>): Promise<T> {
  process.env.TICKET_ROUTING_DATA = folder;
  try {
    return await fn();
  } finally {
    delete process.env.TICKET_ROUTING_DATA;
  }
}
