import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import { connect, type Baton, type Storage } from '../../src/client.js';
import {
  startScriptedModel,
  type ChatRequest,
  type Reply,
  type ScriptedModel,
} from '../../src/testing/index.js';
import { bundleWorkflows, createWorker } from '../../src/worker.js';
import * as activities from '../workflow/fixtures/storage-activities.js';
import * as agents from '../workflow/fixtures/storage-agents.js';
import { testServer } from './server.js';

const WORKFLOWS = fileURLToPath(new URL('../workflow/fixtures/storage-workflows.ts', import.meta.url));
let bundle: ReturnType<typeof bundleWorkflows> | undefined;

export interface StorageStage {
  baton: Baton;
  model: ScriptedModel;
}

/** Runs a worker and a client with one storage for as long as `fn` takes. */
export async function withStage<T>(
  { storage, namespace = 'default' }: { storage?: Storage; namespace?: string },
  fn: (stage: StorageStage) => Promise<T>,
): Promise<T> {
  const { address } = await testServer();
  const model = await startScriptedModel();
  const connection = await NativeConnection.connect({ address });
  const setting = storage === undefined ? {} : { storage };
  const taskQueue = `storage-${randomUUID()}`;
  bundle ??= bundleWorkflows(WORKFLOWS);
  const worker = await createWorker({
    agents,
    models: model.models('small'),
    workflowBundle: await bundle,
    connection,
    namespace,
    taskQueue,
    worker: { activities },
    ...setting,
  });
  try {
    await using baton = await connect({ address, namespace, taskQueue, ...setting });
    const result = await worker.runUntil(() => fn({ baton, model }));
    await model.stop();
    return result;
  } finally {
    await connection.close();
  }
}

/** Bytes of a run's history. */
export async function historyBytes({ client }: Baton, workflowId: string): Promise<number> {
  const { historySize = 0 } = await client.workflow.getHandle(workflowId).describe();
  return historySize;
}

/** A model's call of the tool whose result is stored. */
export function fetchLog(mark: string, bytes = 5_000_000): Reply {
  return { calls: [{ tool: 'fetchLog', args: { bytes, mark } }] };
}

/** A model's call that reads on in the conversation's first result. */
export function read(args: Record<string, unknown>) {
  return (request: ChatRequest): Reply => ({
    calls: [{ tool: 'read_result', args: { result: keptAs(request), ...args } }],
  });
}

/** What the model was told last. */
export function lastOf(request: ChatRequest | undefined): string {
  return String(request?.messages.at(-1)?.content);
}

/** The name under which the conversation's first result is kept. */
function keptAs({ messages }: ChatRequest): string {
  const text = messages.map(({ content }) => String(content)).join('\n');
  return /The whole is kept as "([\w-]+)"/.exec(text)?.[1] ?? 'nothing';
}
