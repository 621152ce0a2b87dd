import { fileURLToPath } from 'node:url';
import type { Run } from '../../src/client.js';
import { startScriptedModel } from '../../src/testing/index.js';
import { bundleFile } from '../support/bundle-file.js';
import { callerScript, errand, type PlannedCall } from '../support/caller-script.js';
import { on } from '../support/effect-stage.js';
import { startEffectServer } from '../support/effect-server.js';
import { eventually, openWorkerStage } from '../support/worker-stage.js';
import type * as workflows from './fixtures/effect-workflows.js';

const WORKFLOWS = fileURLToPath(new URL('./fixtures/effect-workflows.ts', import.meta.url));
const UNKNOWN = /^Error: Outcome unknown: the worker was lost, or the call took too long\./;

const server = await startEffectServer();
const bundle = bundleFile(WORKFLOWS);

/** What the model was told of its calls. */
const told = async (run: Run<string>) => JSON.parse(await run.result()) as string[];

describe('effects where workers are lost', () => {
  afterAll(() => server.stop());

  const open = async () => {
    const model = await startScriptedModel(callerScript());
    const workers = await openWorkerStage(
      { model, bundle: await bundle, agents: new URL('./fixtures/effect-agents.ts', import.meta.url) },
      { BATON_TEST_EFFECTS: server.url },
    );
    return {
      ...workers,
      call: (name: string, ...turns: PlannedCall[][]) =>
        workers.baton.start<typeof workflows.call>('call', errand(name, ...turns)),
      close: async () => {
        await workers.close();
        await model.stop();
      },
    };
  };

  it('happen once where the worker is killed in mid call', async () => {
    const it = await open();
    const first = await it.startWorker();
    const run = await it.call('killed', [
      on('charge', 'killed a', { hold: true }),
      on('transfer', 'killed b', { hold: true }),
    ]);
    await eventually(() => server.asked('killed') === 2, 'both calls');
    await it.startWorker();
    first.kill('SIGKILL');
    server.release('killed b');
    expect(await told(run)).toEqual([expect.stringMatching(UNKNOWN), expect.stringContaining('receipt')]);
    expect(server.effects('killed').sort()).toEqual(['charge', 'transfer']);
    expect(server.keys('killed b').size).toBe(1);
    await it.close();
  }, 180_000);

  it('happen once where a worker is paused, and finishes its attempts when nobody waits for them', async () => {
    const it = await open();
    // A paused worker whose polls are open is given tasks too. With both slots taken it does not poll for activities.
    const first = await it.startWorker({
      worker: { maxConcurrentActivityTaskExecutions: 2, maxConcurrentWorkflowTaskPolls: 2 },
    });
    const run = await it.call('paused', [
      on('charge', 'paused a', { gate: true }),
      on('transfer', 'paused b', { gate: true }),
    ]);
    await eventually(() => server.asked('gate paused') === 2, 'both calls');
    await it.startWorker();
    first.kill('SIGSTOP');
    await eventually(() => server.asked('gate paused b') === 2, 'the second attempt');
    server.release('paused b');
    expect(await told(run)).toEqual([expect.stringMatching(UNKNOWN), expect.stringContaining('receipt')]);
    expect(server.effects('paused')).toEqual(['transfer']);
    first.kill('SIGCONT');
    server.release('paused a');
    await eventually(() => server.asked('paused') === 3, 'what the paused worker had begun');
    expect(server.effects('paused')).toEqual(['transfer', 'charge']);
    expect(server.keys('paused b').size).toBe(1);
    await it.close();
  }, 180_000);

  it('are undone once where the worker is killed while it undoes them', async () => {
    const it = await open();
    const first = await it.startWorker();
    const run = await it.baton.start<typeof workflows.trip>('trip', {
      errands: [
        errand(
          'undone',
          [on('rent', 'undone a')],
          [on('rent', 'undone b', { holdUndo: true })],
          [on('rent', 'undone c')],
        ),
      ],
      then: 'undo',
    });
    await eventually(() => server.asked('undone b') === 2, 'the second compensation');
    await it.startWorker();
    first.kill('SIGKILL');
    server.release('undone b');
    await expect(run.result()).rejects.toMatchObject({ cause: { type: 'Undone' } });
    expect(server.story('undone').slice(3)).toEqual([
      'unrent (receipt number) undone c',
      'unrent (receipt number) undone b',
      'unrent (receipt number) undone a',
    ]);
    const undos = server.requests.filter(
      ({ action, what }) => what === 'undone b' && action.startsWith('unrent'),
    );
    expect(undos.length).toBeGreaterThan(1);
    expect(new Set(undos.map(({ key }) => key)).size).toBe(1);
    await it.close();
  }, 180_000);
});
