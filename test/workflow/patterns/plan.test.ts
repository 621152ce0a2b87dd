import { DOWN, openPlanStage, PLANNER, PlanScene, said, statuses } from '../../support/plan-scene.js';
import type * as workflows from '../fixtures/plan-workflows.js';
import type { Planned } from '../fixtures/plan-workflows.js';

const stage = openPlanStage();
const scene = (name: string) => new PlanScene(stage, name);
const ACCEPT = { problems: [], missing: [] };

describe('plan', () => {
  afterAll(async () => (await stage).close());

  describe('the tasks', () => {
    test.concurrent(
      'are done by workers as children, which see what they need, and put together',
      async () => {
        const it = scene('simple');
        await it.plans([it.task('a'), it.task('b'), it.task('c', ['a', 'b'], 'writer')]);
        await it.works('a', 'A found');
        await it.works('b', 'B found');
        await it.works('c', 'C written');
        await it.reviews(ACCEPT);
        await it.ends('all in all');
        const run = await it.start(['researcher', 'writer']);
        expect(await run.result()).toEqual({
          output: 'all in all',
          tasks: [
            {
              id: 'a',
              worker: 'researcher',
              task: it.textOf('a'),
              needs: [],
              status: 'done',
              output: 'A found',
              runs: 1,
            },
            {
              id: 'b',
              worker: 'researcher',
              task: it.textOf('b'),
              needs: [],
              status: 'done',
              output: 'B found',
              runs: 1,
            },
            {
              id: 'c',
              worker: 'writer',
              task: it.textOf('c'),
              needs: ['a', 'b'],
              status: 'done',
              output: 'C written',
              runs: 1,
            },
          ],
          missing: [],
          replaced: [],
          notes: [],
          plans: 1,
        });
        const [planner] = await it.asked(PLANNER);
        expect(JSON.parse(String(planner?.request.messages.at(-1)?.content))).toEqual({
          goal: it.goal,
          workers: [
            { name: 'researcher', description: 'Finds facts' },
            { name: 'writer', description: 'Writes', capabilities: ['reports'] },
          ],
          atMost: 20,
        });
        const [writer] = await it.worked('c');
        expect(writer?.request.messages.slice(1).map(({ content }) => content)).toEqual([
          '{"needs":{"a":"A found","b":"B found"}}',
          it.textOf('c'),
        ]);
        const trace = await run.trace({ children: false } as never);
        expect(JSON.stringify(trace)).toContain(`${run.id}/plan/c/writer.1`);
      },
    );

    test.concurrent('start the moment that their inputs are there, though others still run', async () => {
      const it = scene('moment');
      const task = (id: string, needs: string[], worker: string) => it.task(id, needs, worker);
      await it.plans([
        task('x', [], 'slow'),
        task('a', [], 'quick'),
        task('b', ['a'], 'quick'),
        task('c', ['x', 'b'], 'quick'),
      ]);
      for (const id of ['a', 'b', 'c']) await it.works(id, `${id} found`);
      await it.ends();
      const { baton } = await stage;
      const { tasks } = await (await baton.start<typeof workflows.waiting>('waiting', it.goal)).result();
      expect(statuses(tasks)).toBe('x done, a done, b done, c done');
    });

    test.concurrent('go to a worker with an input of its own as the planner wrote it', async () => {
      const it = scene('typed');
      const rain = it.task('rain', [], 'weather', { input: { city: 'Bern' } });
      await it.plans([{ ...rain, input: null }], [rain, it.task('text', ['rain'])]);
      await it.script('You are the weatherman.', it.textOf('rain'), [{ json: { sun: false } }]);
      await it.works('text', 'wet');
      await it.ends();
      const { plans, tasks } = await (await it.start(['researcher', 'weather'], { review: false })).result();
      expect(plans).toBe(1);
      expect(tasks[0]).toMatchObject({ output: { sun: false } });
      const [first, second] = await it.asked(PLANNER);
      expect(first && said(first)).toContain(
        '"takes":{"type":"object","properties":{"city":{"type":"string"}}',
      );
      expect(second && said(second)).toContain('the worker \\"weather\\" wants an \\"input\\" of its schema');
      const [asked] = await it.asked('You are the weatherman.', it.textOf('rain'));
      expect(asked?.request.messages.at(-1)?.content).toBe('{"city":"Bern"}');
      const [text] = await it.worked('text');
      expect(text && said(text)).toContain('{"needs":{"rain":{"sun":false}}}');
    });

    test.concurrent(
      'may be for orchestrations and functions, planned and judged by functions of the user',
      async () => {
        const { baton } = await stage;
        const run = await baton.start<typeof workflows.own>('own', 'case own;');
        const { output, tasks } = await run.result();
        const first = { task: 'first', input: { n: 1 }, needs: { basis: [1, 2] } };
        const again = { ...first, revision: { output: first, reasons: ['once more'] } };
        expect(output).toEqual([
          { id: 'one', output: again },
          // What is built on a revised output is done again too.
          { id: 'two', output: { task: 'second', needs: { one: again }, revision: undefined } },
        ]);
        expect(tasks.map(({ runs }) => runs)).toEqual([2, 2]);
      },
    );

    test.concurrent('may be for planners, which plan below it, two levels deep', async () => {
      const it = scene('nested');
      const department = `${it.goal} in the department`;
      const team = `${it.goal} in the team`;
      const leaf = it.task('leaf', ['facts']);
      await it.plans([it.task('facts'), { id: 'dep', worker: 'department', task: department, needs: [] }]);
      await it.script(PLANNER, department, [
        {
          json: {
            tasks: [
              { id: 'facts', worker: 'team', task: `${it.goal} facts`, needs: [] },
              { id: 'top', worker: 'team', task: team, needs: ['facts'] },
            ],
          },
        },
      ]);
      await it.script(PLANNER, `${it.goal} facts`, [{ json: { tasks: [it.task('inner')] } }]);
      await it.script(PLANNER, team, [{ json: { tasks: [leaf] } }]);
      await it.works('facts', 'F');
      await it.works('inner', 'I');
      await it.works('leaf', 'L');
      await it.ends('inner facts', `${it.goal} facts`);
      await it.ends('of the team', team);
      await it.ends('of the department', department);
      await it.ends('of all');
      const { baton } = await stage;
      const run = await baton.start<typeof workflows.nested>('nested', it.goal, { budget: { usd: 2 } });
      const { output, tasks } = await run.result();
      expect(output).toBe('of all');
      expect(tasks.map(({ output }) => output)).toEqual(['F', 'of the department']);
      const [asked] = await it.worked('leaf');
      expect(asked && said(asked)).toContain('{"needs":{"facts":"inner facts"}}');
    });
  });

  describe('the plan', () => {
    test.concurrent('goes back to the planner with the reasons where it is not valid', async () => {
      const it = scene('invalid');
      const wrong = [it.task('a', ['b']), it.task('b', ['a']), it.task('c', [], 'poet')];
      await it.plans(wrong, [it.task('a')]);
      await it.works('a', 'A');
      await it.ends();
      expect(await it.run({ review: false })).toMatchObject({ output: 'the end', plans: 1 });
      const [, second] = await it.asked(PLANNER);
      const request = JSON.parse(String(second?.request.messages.at(-1)?.content)) as { rejected: unknown };
      expect(request.rejected).toEqual({
        tasks: wrong,
        problems: [
          'task "c": there is no worker "poet"; there are: researcher, writer',
          'the tasks a → b → a need each other in a circle',
        ],
      });
    });

    test.concurrent('that is never valid fails with PlanFailed, as often as repairs says', async () => {
      const it = scene('never valid');
      await it.plans([], [it.task('a', ['a'])]);
      expect(await it.failure({ limits: { repairs: 1 } })).toMatchObject({
        code: 'PlanFailed',
        message: 'the planner made no valid plan in 2 tries; the last time: task "a": it needs itself',
        details: { problems: ['task "a": it needs itself'] },
      });
    });

    test.concurrent('whose planner fails fails with what that failed with', async () => {
      const it = scene('no planner');
      await it.script(PLANNER, it.goal, [DOWN]);
      expect(await it.failure()).toMatchObject({ code: 'Unauthorized' });
    });

    test.concurrent.each<[string, Planned['options'], string[], string, string]>([
      [
        'limits',
        { limits: { tasks: 0 } },
        ['researcher'],
        'ConfigInvalid',
        'plan: limits.tasks is 0; give a whole number from 1',
      ],
      ['workers', {}, [], 'ConfigInvalid', 'a plan needs a worker at least'],
      ['unknown workers', {}, ['poet'], 'AgentUnknown', 'the worker "poet": there is no agent "poet"'],
    ])('is not made with wrong %s', async (name, options, workers, code, message) => {
      const run = await scene(name).start(workers, options);
      expect(await scene(name).outcome(run)).toMatchObject({ code, message });
    });

    test.concurrent('is not made with an orchestration that nobody describes', async () => {
      const { baton } = await stage;
      expect(await scene('undescribed').outcome(await baton.start('undescribed', 'case;'))).toMatchObject({
        code: 'ConfigInvalid',
        message: expect.stringContaining('the worker "echo" of the plan is no agent and needs a description'),
      });
    });

    test.concurrent('may be made by an agent of the user', async () => {
      const it = scene('foreman');
      await it.script('You are the foreman.', it.goal, [{ json: { tasks: [it.task('a')] } }]);
      await it.works('a', 'A');
      await it.ends();
      const { baton } = await stage;
      const { tasks } = await (await baton.start<typeof workflows.led>('led', it.goal)).result();
      expect(statuses(tasks)).toBe('a done');
    });
  });
});
