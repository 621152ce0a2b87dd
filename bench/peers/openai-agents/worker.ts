import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setTracingDisabled } from '@openai/agents-core';
import { OpenAIProvider } from '@openai/agents-openai';
import { Client, Connection } from '@temporalio/client';
import { OpenAIAgentsPlugin } from '@temporalio/openai-agents';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Configuration } from 'webpack';
import { promptOf } from '../job.js';
import { page } from '../page.js';
import { serve } from '../serve.js';

const { TEMPORAL_ADDRESS: address = '', BUNDLE = '' } = process.env;
const logger = new DefaultLogger('ERROR');
Runtime.install({ logger });
// Nobody reads traces here.
setTracingDisabled(true);

const plugin = () =>
  new OpenAIAgentsPlugin({
    // The model server speaks chat completions.
    modelProvider: new OpenAIProvider({ useResponses: false }),
    modelParams: { startToCloseTimeout: '30s' },
  });

/** @openai/agents-core has an `import()`, for which webpack would make a second file, which the sandbox cannot load. */
function inOneFile(config: Configuration): Configuration {
  return {
    ...config,
    module: { ...config.module, parser: { javascript: { dynamicImportMode: 'eager' } } },
  };
}

if (!existsSync(BUNDLE)) {
  const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    plugins: [plugin()],
    logger,
    webpackConfigHook: inOneFile,
  });
  await writeFile(BUNDLE, code);
}
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue: 'peers',
  workflowBundle: { codePath: BUNDLE },
  activities: { page },
  plugins: [plugin()],
});
worker.run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
const client = new Client({ connection: await Connection.connect({ address }), plugins: [plugin()] });

serve({
  run: (job) =>
    client.workflow.execute('reader', { args: [promptOf(job)], taskQueue: 'peers', workflowId: job.id }),
  wait: ({ id }) => client.workflow.getHandle(id).result(),
});
