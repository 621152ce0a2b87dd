import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import * as activities from '../../../examples/support-desk/activities.js';
import * as agents from '../../../examples/support-desk/agents.js';
import config from '../../../examples/support-desk/baton.config.js';
import { demo } from '../../../examples/support-desk/demo.js';
import type { Ticket } from '../../../examples/support-desk/ticket.js';
import type { Models } from '../../../src/agents/index.js';
import type { Baton } from '../../../src/client.js';
import { bundleFromSources } from '../../support/bundle.js';
import { testServer } from '../../support/server.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
});

let bundle: ReturnType<typeof bundleFromSources> | undefined;

/** The example's models, answered at another address. */
export function modelsAt(baseUrl: string): Models {
  return Object.fromEntries(
    Object.entries(config.models).map(([alias, model]) => [alias, { ...model, baseUrl }]),
  );
}

/** Runs the example's worker, with an empty refund book, for as long as `fn` takes. */
export async function withDesk<T>(models: Models, fn: (baton: Baton) => Promise<T>): Promise<T> {
  process.env.BATON_DATA_DIR = await mkdtemp(join(tmpdir(), 'baton-desk-'));
  bundle ??= bundleFromSources(
    fileURLToPath(new URL('../../../examples/support-desk/workflows.ts', import.meta.url)),
  );
  const server = await testServer();
  return server.withWorker(
    { agents, models, workflowBundle: await bundle, worker: { activities: { ...activities } } },
    fn,
  );
}

/** A ticket that the example ships. */
export async function ticket(id: string): Promise<Ticket> {
  const found = (await demo.inputs()).find((input) => input.id === id);
  if (!found) throw new Error(`there is no ticket ${id}`);
  return demo.parse(JSON.stringify(found.input)) as unknown as Ticket;
}
