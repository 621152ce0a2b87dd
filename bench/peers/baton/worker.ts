import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { connect } from '../../../dist/client.js';
import { bundleWorkflows, createWorker } from '../../../dist/worker.js';
import { promptOf } from '../job.js';
import { serve } from '../serve.js';
import * as agents from './agents.js';

const { OPENAI_BASE_URL = '', TEMPORAL_ADDRESS = '', BUNDLE = '', PLACEMENT } = process.env;

// The copy of the SDK that Baton has: this folder's is another one.
const sdk = createRequire(new URL('../../../package.json', import.meta.url))(
  '@temporalio/worker',
) as typeof import('@temporalio/worker');
sdk.Runtime.install({ logger: new sdk.DefaultLogger('ERROR') });

if (!existsSync(BUNDLE)) {
  const { code } = await bundleWorkflows(fileURLToPath(new URL('./workflows.ts', import.meta.url)));
  await writeFile(BUNDLE, code);
}
const worker = await createWorker({
  agents,
  models: { bench: { model: 'bench', baseUrl: OPENAI_BASE_URL } },
  workflowBundle: { codePath: BUNDLE },
  connection: { address: TEMPORAL_ADDRESS },
  taskQueue: 'peers',
});
worker.run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
const baton = await connect({ address: TEMPORAL_ADDRESS, taskQueue: 'peers' });
type Agent = (run: object) => Promise<unknown>;

serve({
  async run(job) {
    const placement = PLACEMENT === 'local' ? { placement: { placement: 'local' } } : {};
    const input = { agent: 'reader', input: promptOf(job), ...placement };
    const run = await baton.start<Agent>('agent', input, { id: job.id });
    return run.result();
  },
  wait: ({ id }) => baton.run(id).result(),
});
