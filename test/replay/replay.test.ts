import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { BatonPlugin, bundleWorkflows } from '../../src/worker.js';

const { History } = proto.temporal.api.history.v1;
const folder = new URL('./histories/', import.meta.url);
const bundle = bundleWorkflows(fileURLToPath(new URL('./workflows.ts', import.meta.url)));

async function replay(history: proto.temporal.api.history.v1.History): Promise<void> {
  // The ids of children and approvals hold the workflow's own.
  const workflowId = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? undefined;
  const options = { workflowBundle: await bundle, plugins: [new BatonPlugin({ agents: {} })] };
  await Worker.runReplayHistory(options, history, workflowId);
}

describe('the workflow code', () => {
  it.each(readdirSync(folder))('replays %s', async (file) => {
    const history = History.fromObject(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object);
    await replay(history);
  });

  it('fails the replay of a history that it would not have made', async () => {
    const [file = ''] = readdirSync(folder).filter((name) => name.startsWith('tools-repair'));
    const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('"lookup"', '"another"');
    const history = History.fromObject(JSON.parse(text) as object);
    await expect(replay(history)).rejects.toThrow(/[Nn]ondeterminism/);
  });
});
