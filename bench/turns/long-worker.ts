/**
 * A worker in a process of its own, whose memory is measured: prints `ready`, and then its resident set every two seconds, as
 * `<ms since the epoch> <bytes>`. Garbage is collected before: what a heap has not collected yet says nothing of what is kept.
 */
import { readFile } from 'node:fs/promises';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createWorker } from 'batonjs/worker';
import * as agents from './agents.js';
import * as bare from './bare-activities.js';

/** Tokens. A conversation of thousands of turns fits no model. */
const CONTEXT_WINDOW = 32_000;
const SAMPLE_MS = 2_000;

const [address = '', modelUrl = '', bundle = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const worker = await createWorker({
  agents,
  models: { bench: { model: 'bench', baseUrl: modelUrl, contextWindow: CONTEXT_WINDOW } },
  workflowBundle: { code: await readFile(bundle, 'utf8') },
  connection,
  taskQueue: 'bench',
  worker: { activities: bare },
});
const running = worker.run();
process.stdout.write('ready\n');
setInterval(() => {
  gc?.();
  process.stdout.write(`${Date.now()} ${process.memoryUsage.rss()}\n`);
}, SAMPLE_MS).unref();
process.on('SIGTERM', () => worker.shutdown());
await running;
await connection.close();
process.exit(0);
