import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { routeAll } from '../../../examples/ticket-routing/workflows.js';
import type { Reply } from '../../../src/testing/index.js';
import { inFolder } from '../../support/cli.js';
import { openStage, type Sorting, type Stage } from './stage.js';

describe('routeAll', () => {
  let stage: Stage;
  const rows = ['Green?,tea', 'Black?,coffee', 'Hot?,milk', 'White?,tea'];
  const run = (input: Parameters<typeof routeAll>[0] = {}) =>
    stage.baton.start<typeof routeAll>('routeAll', input);
  const result = async (input: Parameters<typeof routeAll>[0] = {}) => (await run(input)).result();

  const cheap: Sorting = {
    'Green?': { label: 'tea', confidence: 0.9 },
    'Black?': { label: 'tea', confidence: 0.5 },
    'Hot?': { label: 'tea', confidence: 0.2 },
    'White?': { label: 'milk', confidence: 0.95 },
  };
  const expensive: Sorting = {
    'Black?': { label: 'coffee', confidence: 0.8 },
    'Hot?': { label: 'tea', confidence: 0.3, likeliest: ['tea', 'milk'] },
  };
  const allTea: Sorting = Object.fromEntries(
    ['Green?', 'Black?', 'Hot?', 'White?'].map((text) => [text, { label: 'tea', confidence: 1 }]),
  );

  beforeAll(async () => {
    stage = await openStage();
    stage.sorts('sorter', 'All:', cheap);
    stage.sorts('expert', 'All:', expensive);
  });
  afterAll(() => stage.close());

  it('gives the accuracy and cost of each route, and lists the edge cases', () =>
    stage.onQuestions('All:', rows, async () => {
      const started = await run();
      const routed = await started.result();
      const { routes, agents, cheapAlone, worst, routeNames } = routed;
      expect(routes.cheap).toMatchObject({ questions: 2, labelled: 2, accuracy: 0.5 });
      expect(routes.expensive).toMatchObject({ questions: 1, accuracy: 1 });
      expect(routes.queued).toMatchObject({ questions: 1, accuracy: null });
      expect(agents.accuracy).toBeCloseTo(2 / 3);
      expect(cheapAlone).toMatchObject({ questions: 4, accuracy: 1 / 4 });
      expect(worst).toEqual([{ label: 'tea', questions: 2, right: 1, takenFor: 'milk', times: 1 }]);

      // One call of each agent, whose price the questions in it share.
      expect(routed.answering).toEqual({
        sorter: { 'gpt-5-nano': 1 },
        expert: { 'gpt-5': 1 },
        offline: false,
      });
      expect(routes.expensive.usd).toBeGreaterThan(routes.cheap.usd / 2);
      const { totals } = await started.trace();
      expect(routed.usd).toBeCloseTo(totals.cost, 10);

      const route = (name: (typeof routeNames)[number]) => routeNames.indexOf(name);
      expect(routed.decisions).toEqual([
        [0, route('cheap')],
        [1, route('expensive')],
        [-1, route('queued')],
        [2, route('cheap')],
      ]);
      expect(routed.edgeCases).toEqual([[4, 0, 2]]);
      const handle = stage.baton.client.workflow.getHandle(started.id);
      expect(await handle.query('progress')).toMatchObject({
        done: 4,
        questions: 4,
        routes: { cheap: 2, expensive: 1, queued: 1 },
      });
    }));

  it('asks people about the edge cases where it is told to', () =>
    stage.onQuestions('All:', rows, async () => {
      const started = await run({ people: 'ask' });
      await started.approvals({ wait: '20 seconds' });
      await started.approve({ by: 'service-desk', choice: 'milk' });
      expect(await started.result()).toMatchObject({
        routes: { person: { questions: 1, accuracy: 1 }, queued: { questions: 0 } },
        edgeCases: [],
      });
    }));

  it('takes an even sample, and other thresholds', () =>
    stage.onQuestions('All:', rows, async () => {
      expect(await result({ sample: 2 })).toMatchObject({ questions: 2, edgeCases: [[4, 0, 2]] });
      const bold = await result({ accept: { cheap: 0 } });
      expect(bold.routes).toMatchObject({ cheap: { questions: 4, accuracy: 1 / 4 } });
    }));

  it('goes on with the expensive agent where the cheap one refuses', () =>
    stage.onQuestions('Refused:', rows, async () => {
      stage.sorts('sorter', 'Refused:', { refusal: 'no' });
      stage.sorts('expert', 'Refused:', allTea);
      expect(await result()).toMatchObject({ routes: { expensive: { questions: 4 } }, failed: [] });
    }));

  it('loses no question to another one that fails', () =>
    stage.onQuestions('Spoilt:', rows, async () => {
      stage.sorts('sorter', 'Spoilt:', { refusal: 'no' });
      stage.sorts('expert', 'Spoilt:', { refusal: 'not that' }, (questions) =>
        questions.some(({ text }) => text.endsWith('Hot?')),
      );
      stage.sorts('expert', 'Spoilt:', allTea);
      const routed = await result();
      expect(routed).toMatchObject({
        routes: { expensive: { questions: 3 }, failed: { questions: 1 } },
        failed: [{ code: 'Refused', message: expect.stringContaining('not that'), lines: [4] }],
      });
      expect(routed.decisions[2]).toEqual([-1, routed.routeNames.indexOf('failed')]);
    }));

  const down: Reply = { status: 401, body: { error: { message: 'no such key' } } };

  it('lists the questions of a model that does not answer', () =>
    stage.onQuestions('Down:', rows, async () => {
      stage.sorts('sorter', 'Down:', cheap);
      stage.sorts('expert', 'Down:', down);
      expect(await result()).toMatchObject({
        routes: { cheap: { questions: 2 }, failed: { questions: 2 } },
        failed: [{ code: 'Unauthorized', lines: [3, 4] }],
      });
    }));

  it('divides a budget among the pages, and lists what it was too small for', async () => {
    const many = Array.from({ length: 150 }, (_, i) => (i < 100 ? 'Green?,tea' : 'Black?,coffee'));
    await stage.onQuestions('All:', many, async () => {
      const within = (usd: number) => stage.baton.start<typeof routeAll>('routeAll', {}, { budget: { usd } });
      expect(await (await within(5)).result()).toMatchObject({
        routes: { cheap: { questions: 100 }, expensive: { questions: 50 } },
        failed: [],
        lost: [],
      });
      expect(await (await within(0.05)).result()).toMatchObject({
        routes: { cheap: { questions: 100 }, failed: { questions: 50 } },
        failed: [{ code: 'BudgetExceeded' }],
        lost: [],
      });
    });
  });

  it('names the pages that were lost, here since the data changed in the middle', () =>
    inFolder(async (other) => {
      const many = Array.from({ length: 120 }, () => 'Green?,tea');
      await writeFile(join(other, 'categories.json'), '["tea", "cocoa"]');
      await writeFile(join(other, 'questions.csv'), 'text\nOther?');
      await stage.onQuestions('Changed:', many, async () => {
        stage.sorts('sorter', 'Changed:', cheap, () => {
          process.env.TICKET_ROUTING_DATA = other;
          return true;
        });
        const routed = await result({ pagesAtOnce: 1 });
        expect(routed).toMatchObject({
          questions: 120,
          routes: { cheap: { questions: 100 } },
          lost: [{ from: 100, count: 20, why: 'ConfigInvalid: the data has changed since the run began' }],
        });
        expect(routed.decisions).toHaveLength(120);
        expect(routed.decisions[119]).toEqual([-1, routed.routeNames.indexOf('failed')]);
      });
    }));

  it('fails where nothing at all was routed', () =>
    stage.onQuestions('Dead:', rows, async () => {
      stage.sorts('sorter', 'Dead:', down);
      await expect(result()).rejects.toMatchObject({ cause: { type: 'Unauthorized' } });
    }));

  it('names what is wrong with its input', () =>
    stage.onQuestions('All:', rows, async () => {
      const started = await stage.baton.start('routeAll', { people: 'nobody' });
      await expect(started.result()).rejects.toMatchObject({
        cause: { cause: { type: 'InputInvalid', message: expect.stringContaining('people') } },
      });
    }));
});
