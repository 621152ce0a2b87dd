import { fileURLToPath } from 'node:url';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import * as activities from '../../../examples/fact-checked-research/activities.js';
import * as agents from '../../../examples/fact-checked-research/agents.js';
import config from '../../../examples/fact-checked-research/baton.config.js';
import type { Models } from '../../../src/agents/index.js';
import type { Baton } from '../../../src/client.js';
import { bundleFromSources } from '../../support/bundle.js';
import { testServer } from '../../support/server.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
});

/** Name of the example's orchestration. */
export const RESEARCH = 'factCheckedResearch';

let bundle: ReturnType<typeof bundleFromSources> | undefined;

/** The example's models, answered at another address. */
export function modelsAt(baseUrl: string): Models {
  process.env.OPENAI_API_KEY ??= 'none';
  return Object.fromEntries(
    Object.entries(config.models).map(([alias, model]) => [alias, { ...model, baseUrl }]),
  );
}

/** Runs the example's worker for as long as `fn` takes. */
export async function withResearch<T>(models: Models, fn: (baton: Baton) => Promise<T>): Promise<T> {
  bundle ??= bundleFromSources(
    fileURLToPath(new URL('../../../examples/fact-checked-research/workflows.ts', import.meta.url)),
  );
  const server = await testServer();
  return server.withWorker(
    { agents, models, workflowBundle: await bundle, worker: { activities: { ...activities } } },
    fn,
  );
}
