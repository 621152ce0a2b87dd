/** A worker that is killed. Its settings are in the environment. */
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { runWorker } from 'batonjs/worker';
import { clerk, tools } from './agents.js';
import { readConversations } from './recordings.js';

const { AIRLINE_ADDRESS, AIRLINE_QUEUE, AIRLINE_BUNDLE, AIRLINE_MODEL } = process.env as Record<
  string,
  string
>;
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  // The core warns of what kills and a busy machine bring.
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});
// Without the run that started it, it is of no use.
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();
const model = {
  baseUrl: `${AIRLINE_MODEL}/v1`,
  // So that the model's server knows whom it answers.
  headers: { 'x-worker-pid': String(process.pid) },
};
const names = readConversations().map(({ name }) => name);
process.send?.('loaded');
await runWorker({
  agents: { ...tools, clerk },
  models: Object.fromEntries(['none', ...names].map((name) => [name, { ...model, model: name }])),
  workflowBundle: { codePath: AIRLINE_BUNDLE ?? '' },
  connection: { address: AIRLINE_ADDRESS ?? '' },
  taskQueue: AIRLINE_QUEUE ?? '',
});
