import {
  DOWN,
  isOf,
  openPlanStage,
  PlanScene,
  REVIEWER,
  said,
  statuses,
  SYNTHESISER,
} from '../../support/plan-scene.js';
import type { ChatRequest, Reply } from '../../../src/testing/index.js';
import type { Json } from '../../../src/agents/json.js';

const stage = openPlanStage();
const scene = (name: string) => new PlanScene(stage, name);

const ACCEPT = { problems: [], missing: [] };
const json = (value: unknown) => value as Json;

describe('plan: reviewers, people, and runs without a workflow', () => {
  afterAll(async () => (await stage).close());

  describe('the reviewer', () => {
    test.concurrent(
      'has outputs done again with the reasons, and what was built on them, and adds tasks',
      async () => {
        const it = scene('end');
        await it.plans([it.task('a'), it.task('b', ['a'])]);
        await it.works('a', 'A', 'better A');
        await it.works('b', 'B', 'better B');
        await it.works('c', 'C');
        await it.reviews(
          { problems: [{ id: 'a', why: 'too short' }], missing: [it.task('c', ['b'])] },
          { problems: [{ id: 'nobody', why: 'odd' }], missing: [] },
        );
        await it.ends();
        const { tasks, notes } = await it.run();
        expect(tasks.map(({ id, output, runs }) => [id, output, runs])).toEqual([
          ['a', 'better A', 2],
          ['b', 'better B', 2],
          ['c', 'C', 1],
        ]);
        expect(notes).toEqual([]);
        const [, again] = await it.worked('a');
        expect(again && said(again)).toContain('{"revision":{"output":"A","reasons":["too short"]}}');
        const [c] = await it.worked('c');
        expect(c && said(c)).toContain('{"needs":{"b":"better B"}}');
      },
    );

    test.concurrent('is heard so often at most', async () => {
      const it = scene('stubborn');
      const no = { problems: [{ id: 'a', why: 'no' }], missing: [] };
      await it.plans([it.task('a')]);
      await it.works('a', 'A1', 'A2');
      await it.reviews(no, no);
      await it.ends();
      const { tasks, notes } = await it.run({ limits: { revisions: 1, reviews: 3 } });
      expect(tasks[0]).toMatchObject({ output: 'A2', runs: 2 });
      expect(notes).toEqual(['a: the reviewer still objects: no']);
    });

    test.concurrent(
      'of each output looks at it before anything is built on it; what it never accepts has failed',
      async () => {
        const it = scene('each');
        const about = (id: string, replies: Reply[]) =>
          stage.then(({ model }) =>
            model.script(
              ...replies.map((reply) => ({
                when: (request: ChatRequest) =>
                  isOf(request, REVIEWER, it.goal) &&
                  JSON.stringify(request.messages).includes(`\\"review\\":[\\"${id}\\"]`),
                reply,
              })),
            ),
          );
        await it.plans([it.task('a'), it.task('b', ['a']), it.task('bad')], []);
        await it.works('a', 'A1', 'A2');
        await it.works('b', 'B');
        await it.works('bad', 'X1', 'X2');
        await about('a', [{ json: { problems: [{ id: 'a', why: 'no' }], missing: [] } }, { json: ACCEPT }]);
        await about('b', [DOWN]);
        const no = { json: { problems: [{ id: 'bad', why: 'beside the point' }], missing: [] } };
        await about('bad', [no, no]);
        await it.ends();
        const { tasks, missing, notes, plans } = await it.run({ review: 'each', limits: { revisions: 1 } });
        expect(statuses(tasks)).toBe('a done, b done, bad failed');
        expect(missing).toMatchObject([
          { name: 'bad', code: 'NotAccepted', message: 'the reviewer did not accept it: beside the point' },
        ]);
        expect(notes).toEqual([expect.stringMatching(/^the review of b failed: Unauthorized/)]);
        expect(plans).toBe(2);
        const [b] = await it.worked('b');
        expect(b && said(b)).toContain('{"needs":{"a":"A2"}}');
        const [end] = await it.asked(SYNTHESISER);
        expect(end && said(end)).toContain(
          `"missing":[{"id":"bad","task":"${it.textOf('bad')}","why":"NotAccepted`,
        );
      },
    );

    test.concurrent('that adds invalid tasks is told so, and then they are left out', async () => {
      const it = scene('additions');
      await it.plans([it.task('a')]);
      await it.works('a', 'A');
      const wrong = { problems: [], missing: [it.task('a')] };
      await it.reviews(wrong, wrong);
      await it.ends();
      const { notes } = await it.run({ limits: { repairs: 1 } });
      const problem = 'task "a": this id is taken by what is there already; choose another one';
      expect(notes).toEqual([`tasks that the reviewer adds are left out: ${problem}`]);
      const [, second] = await it.asked(REVIEWER);
      expect(second && said(second)).toContain('this id is taken');
    });
  });

  describe('people', () => {
    const approve = { approvers: ['lead'] };

    test.concurrent('approve the plan before it is carried out', async () => {
      const it = scene('approved');
      await it.plans([it.task('a')]);
      await it.works('a', 'A');
      await it.ends();
      const run = await it.start(['researcher'], { review: false, approve });
      const [question] = await run.approvals({ wait: '20 seconds' });
      expect(question).toMatchObject({
        title: `Plan of 1 task: ${it.goal}`,
        details: { goal: it.goal, tasks: [it.task('a')] },
        approvers: ['lead'],
      });
      expect(await it.worked('a')).toEqual([]);
      await run.approve({ by: 'lead' });
      expect(await run.result()).toMatchObject({ output: 'the end' });
    });

    test.concurrent('edit it, and are asked again with the reasons where they edit it wrongly', async () => {
      const it = scene('edited');
      await it.plans([it.task('a')]);
      await it.works('b', 'B');
      await it.ends();
      const run = await it.start(['researcher'], { review: false, approve });
      await run.approvals({ wait: '20 seconds' });
      const wrong = json({ tasks: [it.task('b', ['a'])] });
      await run.approve({ by: 'lead', edits: wrong });
      const asked = async () => (await run.approvals()).find(({ n }) => n === 2);
      await it.until(async () => (await asked()) !== undefined);
      expect((await asked())?.details).toEqual({
        goal: it.goal,
        tasks: [it.task('a')],
        edits: wrong,
        problems: ['task "b": it needs "a", which is no task'],
      });
      await run.approve({ by: 'lead', edits: json([it.task('b')]) });
      expect(statuses((await run.result()).tasks)).toBe('b done');
    });

    test.concurrent('edit it wrongly so often at most', async () => {
      const it = scene('edited wrongly');
      await it.plans([it.task('a')]);
      const run = await it.start(['researcher'], { approve, limits: { edits: 0 } });
      await run.approvals({ wait: '20 seconds' });
      await run.approve({ by: 'lead', edits: 'faster, please' });
      expect(await it.outcome(run)).toMatchObject({
        code: 'PlanRejected',
        message:
          'Plan: edited 1 times, never validly; the last time: a plan is an object such as { "tasks": [...] }',
      });
    });

    test.concurrent('reject it, or do not answer in time: PlanRejected', async () => {
      const it = scene('rejected');
      await it.plans([it.task('a')], [it.task('a')]);
      const run = await it.start(['researcher'], { approve });
      await run.approvals({ wait: '20 seconds' });
      await run.reject({ by: 'lead', comment: 'too dear' });
      expect(await it.outcome(run)).toMatchObject({
        code: 'PlanRejected',
        message: 'Plan: rejected by lead: too dear',
      });
      expect(await it.failure({ approve: { timeout: 1 } })).toMatchObject({
        code: 'PlanRejected',
        message: 'Plan: expired',
      });
    });

    test.concurrent(
      'are asked about a new plan too; without their consent what is there must do',
      async () => {
        const it = scene('new plan rejected');
        await it.plans([it.task('a'), it.task('b')], [it.task('b2')]);
        await it.works('a', 'A');
        await it.works('b', DOWN);
        await it.ends();
        const run = await it.start(['researcher'], { approve, review: false });
        await run.approvals({ wait: '20 seconds' });
        await run.approve({ by: 'lead' });
        await it.until(async () => (await run.approvals()).length > 0);
        expect(await run.approvals()).toMatchObject([{ title: `New plan of 1 task: ${it.goal}` }]);
        await run.reject({ by: 'lead', comment: 'enough' });
        const { tasks, missing, notes } = await run.result();
        expect(statuses(tasks)).toBe('a done, b failed');
        expect(missing).toMatchObject([{ name: 'b', code: 'Unauthorized' }]);
        expect(notes).toEqual(['no new plan: PlanRejected: New plan: rejected by lead: enough']);
      },
    );

    test.concurrent('are asked about what a reviewer adds, and may leave it out', async () => {
      const it = scene('addition rejected');
      await it.plans([it.task('a')]);
      await it.works('a', 'A');
      await it.reviews({ problems: [], missing: [it.task('b', ['a'])] });
      await it.ends();
      const run = await it.start(['researcher'], { approve });
      await run.approvals({ wait: '20 seconds' });
      await run.approve({ by: 'lead' });
      await it.until(async () => (await run.approvals()).length > 0);
      expect(await run.approvals()).toMatchObject([{ title: `Addition of 1 task: ${it.goal}` }]);
      await run.reject({ by: 'lead' });
      const { tasks, notes } = await run.result();
      expect(statuses(tasks)).toBe('a done');
      expect(notes).toEqual(['tasks that the reviewer adds are left out: Addition: rejected by lead']);
    });
  });

  describe('the orchestration "plan"', () => {
    test.concurrent(
      'runs over agents by name, and leaves the outputs of tasks in their histories',
      async () => {
        const it = scene('orchestration');
        await it.plans([it.task('a')]);
        await it.works('a', 'A');
        await it.ends();
        const { baton } = await stage;
        const input = { goal: it.goal, workers: ['researcher'], review: false, limits: { tasks: 2 } };
        expect(await (await baton.start('plan', input)).result()).toEqual({
          output: 'the end',
          tasks: [
            { id: 'a', worker: 'researcher', task: it.textOf('a'), needs: [], status: 'done', runs: 1 },
          ],
          missing: [],
          replaced: [],
          notes: [],
          plans: 1,
        });
      },
    );

    test.concurrent.each<[unknown, string]>([
      ['a goal', 'the input of plan is an object such as { "goal": "...", "workers": ["researcher"] }'],
      [
        { goal: 'case;' },
        '"workers" is missing; the input is an object such as { "goal": "...", "workers": ["researcher"] }',
      ],
      [{ goal: '', workers: ['researcher'] }, '"goal" is a text'],
      [{ goal: 'case;', workers: [] }, '"workers" is a list of agents\' names, one at least'],
      [
        { goal: 'case;', workers: ['researcher'], speed: 1 },
        'there is no "speed"; there are: goal, workers, given, approve, review, timeout, limits',
      ],
      [
        { goal: 'case;', workers: ['researcher'], timeout: 'soon' },
        '"timeout" is milliseconds, or a text such as "10 minutes"',
      ],
      [
        { goal: 'case;', workers: ['researcher'], approve: { approvers: 'lead' } },
        '"approve" is an object such as { "approvers": ["lead"], "timeout": "2 days" }',
      ],
      [
        { goal: 'case;', workers: ['researcher'], limits: { task: 1 } },
        'there is no limit "task"; there are: tasks, plans, repairs, edits, revisions, retries, reviews, concurrency, runs',
      ],
    ])('says what is wrong with the input %j', async (input, message) => {
      const { baton } = await stage;
      const run = await baton.start('plan', input);
      expect(await scene('wrong').outcome(run)).toMatchObject({ code: 'InputInvalid', message });
    });
  });
});
