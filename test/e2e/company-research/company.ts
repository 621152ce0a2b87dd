import { fileURLToPath } from 'node:url';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import * as agents from '../../../examples/company-research/agents.js';
import config from '../../../examples/company-research/baton.config.js';
import type { Models } from '../../../src/agents/index.js';
import type { Baton } from '../../../src/client.js';
import { bundleFromSources } from '../../support/bundle.js';
import { testServer } from '../../support/server.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
});

process.env.OPENAI_API_KEY ??= 'none';

let bundle: ReturnType<typeof bundleFromSources> | undefined;

/** The example's models, answered at another address. */
export function modelsAt(baseUrl: string): Models {
  return Object.fromEntries(
    Object.entries(config.models).map(([alias, model]) => [alias, { ...model, baseUrl }]),
  );
}

/** Runs the example's worker for as long as `fn` takes. */
export async function withResearch<T>(models: Models, fn: (baton: Baton) => Promise<T>): Promise<T> {
  bundle ??= bundleFromSources(
    fileURLToPath(new URL('../../../examples/company-research/workflows.ts', import.meta.url)),
  );
  const server = await testServer();
  return server.withWorker({ agents, models, workflowBundle: await bundle }, fn);
}
