import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  DOWN,
  HANG,
  isOf,
  openPlanStage,
  PLANNER,
  PlanScene,
  said,
  statuses,
  SYNTHESISER,
  WORKER,
} from '../../support/plan-scene.js';
import { startScriptedModel, type ChatRequest, type Reply } from '../../../src/testing/index.js';
import type { Json } from '../../../src/agents/json.js';
import { bundleFile } from '../../support/bundle-file.js';
import { testServer } from '../../support/server.js';
import { startWorkerProcess } from '../../support/worker-process.js';
import type * as workflows from '../fixtures/plan-workflows.js';

const stage = openPlanStage();
const scene = (name: string) => new PlanScene(stage, name);
const reject = (reason: string): Reply => ({ calls: [{ tool: 'reject_input', args: { reason } }] });
const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

describe('plan: what fails', () => {
  afterAll(async () => (await stage).close());

  describe('a worker that rejects its input', () => {
    test.concurrent('sends it back to the task that made it, with the reason', async () => {
      const it = scene('rejects');
      await it.plans([it.task('a'), it.task('b'), it.task('c', ['a', 'b'], 'writer')]);
      await it.works('a', 'A');
      await it.works('b', 'B', 'B with sources');
      await it.works('c', reject('b names no sources'), 'C');
      await it.ends();
      const { tasks } = await it.run({ review: false });
      expect(tasks.map(({ output, runs }) => [output, runs])).toEqual([
        ['A', 1],
        ['B with sources', 2],
        ['C', 2],
      ]);
      const asked = await it.worked('b');
      expect(asked.map(said).join()).toContain('the task \\"c\\" cannot use it: b names no sources');
    });

    test.concurrent('does so a bounded number of times, and then has failed', async () => {
      const it = scene('rejects always');
      await it.plans([it.task('a'), it.task('c', ['a'], 'writer')], []);
      await it.works('a', 'A1', 'A2');
      await it.works('c', reject('too vague'), reject('still too vague'));
      await it.ends();
      const { missing, tasks } = await it.run({ review: false, limits: { revisions: 1 } });
      expect(statuses(tasks)).toBe('a done, c failed');
      expect(missing).toMatchObject([
        { name: 'c', code: 'InputRejected', message: expect.stringContaining('still too vague') },
      ]);
    });
  });

  describe('a stalled plan', () => {
    test.concurrent('is planned anew, with what is done and what failed', async () => {
      const it = scene('stalled');
      await it.plans(
        [it.task('a'), it.task('b'), it.task('c', ['b'], 'writer')],
        [it.task('b', ['a'], 'writer'), it.task('d', ['b'])],
      );
      await it.works('a', 'A');
      await it.works('b', DOWN, 'B after all');
      await it.works('d', 'D');
      await it.ends();
      const result = await it.run({ review: false });
      expect(statuses(result.tasks)).toBe('a done, b done, d done');
      expect(result).toMatchObject({ missing: [], plans: 2 });
      expect(statuses(result.replaced)).toBe('b failed, c blocked');
      const [, second] = await it.asked(PLANNER);
      expect(JSON.parse(String(second?.request.messages.at(-1)?.content))).toMatchObject({
        atMost: 19,
        done: [{ id: 'a', task: it.textOf('a'), output: 'A' }],
        failed: [
          { id: 'b', worker: 'researcher', why: expect.stringContaining('Unauthorized') },
          { id: 'c', worker: 'writer', why: 'what it needs was not done' },
        ],
      });
    });

    test.concurrent('is planned anew where a worker cannot take the input of its task', async () => {
      const it = scene('input');
      const rain = (city: Json) => it.task('rain', [], 'weather', { input: { city } });
      await it.plans([rain(7)], [rain('Bern')]);
      await it.script('You are the weatherman.', it.textOf('rain'), [{ json: { sun: true } }]);
      await it.ends();
      const { tasks, replaced } = await (await it.start(['weather'], { review: false })).result();
      expect(tasks).toMatchObject([{ id: 'rain', status: 'done' }]);
      expect(replaced).toMatchObject([{ id: 'rain', runs: 1, failure: { code: 'InputInvalid' } }]);
      const [, second] = await it.asked(PLANNER);
      expect(second && said(second)).toContain('Invalid input: expected string, received number');
    });

    test.concurrent('is planned anew so often at most; then the output says what is missing', async () => {
      const it = scene('stalled again');
      await it.plans([it.task('a'), it.task('b')], [it.task('b2')]);
      await it.works('a', 'A');
      await it.works('b', DOWN);
      await it.works('b2', DOWN);
      await it.ends();
      const { plans, missing, tasks } = await it.run({ review: false, limits: { plans: 2 } });
      expect(plans).toBe(2);
      expect(statuses(tasks)).toBe('a done, b2 failed');
      expect(missing).toMatchObject([{ name: 'b2', code: 'Unauthorized' }]);
    });

    test.concurrent('without any result fails with PlanFailed, which says why', async () => {
      const it = scene('all fail');
      await it.plans([it.task('a'), it.task('b')]);
      await it.works('a', DOWN);
      await it.works('b', DOWN);
      expect(await it.failure({ limits: { plans: 1 } })).toMatchObject({
        code: 'PlanFailed',
        message: expect.stringMatching(/^no task gave a result: a: Unauthorized: .*; b: Unauthorized: /),
        details: { missing: [{ name: 'a' }, { name: 'b' }] },
      });
    });

    test.concurrent('whose new plan is worth nothing goes on with what is there', async () => {
      const it = scene('no new plan');
      await it.plans([it.task('a'), it.task('b')], [it.task('a')]);
      await it.works('a', 'A');
      await it.works('b', DOWN);
      await it.ends();
      const { missing, notes, plans } = await it.run({ review: false, limits: { repairs: 0 } });
      expect(missing).toMatchObject([{ name: 'b' }]);
      expect(notes).toEqual([expect.stringMatching(/^no new plan: PlanFailed: .*this id is taken/)]);
      expect(plans).toBe(2);
    });
  });

  describe('one worker', () => {
    test.concurrent('that fails by chance is tried again', async () => {
      const it = scene('chance');
      await it.plans([it.task('a', [], 'weather', { input: { city: 'Bern' } })]);
      const broken: Reply = 'no JSON';
      await it.script('You are the weatherman.', it.textOf('a'), [
        broken,
        broken,
        broken,
        { json: { sun: true } },
      ]);
      await it.ends();
      const { tasks } = await (await it.start(['weather'], { review: false })).result();
      expect(tasks[0]).toMatchObject({ output: { sun: true }, runs: 2 });
    });

    test.concurrent.each([
      ['had written is not', 'chair', 1],
      ['had tried to write in vain is too', 'piano', 2],
    ])('that %s', async (_, what, times) => {
      const it = scene(`carries a ${what}`);
      await it.plans([it.task('a', [], 'porter')]);
      const carries: Reply = { calls: [{ tool: 'carry', args: { what } }] };
      const cut: Reply = { text: 'and so', finish: 'length' };
      for (let i = 0; i < times; i++) await it.works('a', carries, cut);
      const run = await it.start(['porter'], { review: false, limits: { plans: 1 } });
      const { code, message } = await it.outcome(run);
      expect(code).toBe('PlanFailed');
      expect(/not tried again, as its tools had written/.test(message ?? '')).toBe(times === 1);
      expect(await it.worked('a')).toHaveLength(2 * times);
    });

    test.concurrent('that hangs is stopped at its time-out, and the others go on', async () => {
      const it = scene('hangs');
      await it.plans([it.task('a'), it.task('b'), it.task('c', ['b'])]);
      await it.works('a', HANG);
      await it.works('b', 'B');
      await it.works('c', 'C');
      await it.ends();
      const { tasks, missing } = await it.run({ review: false, timeout: '2 seconds', limits: { plans: 1 } });
      expect(statuses(tasks)).toBe('a failed, b done, c done');
      expect(missing).toMatchObject([{ name: 'a', code: 'TimedOut' }]);
      await it.until(async () => (await it.worked('a'))[0]?.abandoned === true);
    });
  });

  describe('bounds', () => {
    test.concurrent('workers are run so often at most in all', async () => {
      const it = scene('runs');
      await it.plans([it.task('a'), it.task('b', ['a']), it.task('c', ['b'])]);
      await it.works('a', 'A');
      await it.works('b', 'B');
      await it.ends();
      const { tasks, notes } = await it.run({ limits: { runs: 2 } });
      expect(statuses(tasks)).toBe('a done, b done, c failed');
      expect(notes).toEqual(['the limit of 2 runs of workers was reached']);
    });

    test.concurrent('tasks at once share what the budget leaves, and none is starved', async () => {
      const it = scene('budget');
      await it.plans([it.task('a'), it.task('b'), it.task('c')]);
      for (const id of ['a', 'b', 'c']) await it.works(id, id);
      await it.ends();
      const result = await it.run({ review: false }, { budget: { usd: 0.2 } });
      expect(statuses(result.tasks)).toBe('a done, b done, c done');
    });

    test.concurrent('a budget that does not do for the workers stops them, and not the rest', async () => {
      const it = scene('poor');
      await it.plans([it.task('a'), it.task('b')]);
      expect(await it.failure({ limits: { plans: 1 } }, { budget: { usd: 0.02 } })).toMatchObject({
        code: 'PlanFailed',
        message: expect.stringContaining('BudgetExceeded'),
      });
    });
  });

  test.concurrent('a cancelled run ends its children, and asks for nothing more', async () => {
    const it = scene('cancelled');
    await it.plans([it.task('a'), it.task('b'), it.task('c', ['a', 'b'])]);
    await it.works('a', HANG);
    await it.works('b', HANG);
    const run = await it.start(['researcher']);
    await it.until(async () => (await it.worked('a')).length + (await it.worked('b')).length === 2);
    const handle = (await stage).baton.client.workflow.getHandle(run.id);
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('- plan: 0 of 3 tasks done; at work: a, b');
    await run.cancel();
    await expect(run.result()).rejects.toThrow();
    expect(await run.status()).toBe('CANCELLED');
    await it.until(async () =>
      [...(await it.worked('a')), ...(await it.worked('b'))].every(({ abandoned }) => abandoned),
    );
    const { baton } = await stage;
    for (const id of ['a', 'b']) {
      const child = baton.client.workflow.getHandle(`${run.id}/plan/${id}/researcher.1`);
      await it.until(async () => (await child.describe()).status.name !== 'RUNNING');
      expect((await child.describe()).status.name).toBe('CANCELLED');
    }
  });
});

describe('a plan whose worker process is killed', () => {
  it('goes on where it was: nothing is planned again, and what is done stays so', async () => {
    const it = scene('killed');
    const model = await startScriptedModel();
    const { address, connect } = await testServer();
    const taskQueue = `test-${randomUUID()}`;
    const settings = {
      address,
      taskQueue,
      bundle: await bundleFile(path('../fixtures/plan-workflows.ts')),
      agents: path('../fixtures/plan-agents.ts'),
      models: model.models('small'),
    };
    const on = (role: string, text: string, ...replies: Reply[]) =>
      model.script(
        ...replies.map((reply) => ({ when: (request: ChatRequest) => isOf(request, role, text), reply })),
      );
    on(PLANNER, it.goal, { json: { tasks: [it.task('a'), it.task('b', ['a']), it.task('c', ['b'])] } });
    on(WORKER, it.textOf('a'), 'A');
    on(WORKER, it.textOf('b'), HANG, 'B');
    on(WORKER, it.textOf('c'), 'C');
    on(SYNTHESISER, it.goal, 'the end');
    const first = await startWorkerProcess(settings);
    await using baton = await connect(taskQueue);
    const run = await baton.start<typeof workflows.planned>('planned', {
      goal: it.goal,
      workers: ['researcher'],
      options: { review: false },
    });
    await it.until(async () => model.requests.some((request) => isOf(request, WORKER, it.textOf('b'))));
    first.kill('SIGKILL');
    const second = await startWorkerProcess(settings);
    expect(statuses((await run.result()).tasks)).toBe('a done, b done, c done');
    await second.end();
    await model.stop();
  });
});
