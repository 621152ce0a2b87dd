import type { routeQuestion } from '../../../examples/ticket-routing/workflows.js';
import { openStage, type Stage } from './stage.js';

describe('routeQuestion', () => {
  let stage: Stage;
  const ask = (text: string) => stage.baton.start<typeof routeQuestion>('routeQuestion', { text });
  const on = <T>(fn: () => Promise<T>) => stage.onQuestions('any', ['Green?,tea'], fn);

  beforeAll(async () => {
    stage = await openStage();
    stage.model.script(
      { when: 'You answer a customer', times: Infinity, reply: { json: { answer: 'Three minutes.' } } },
      {
        when: "You take up a customer's case",
        times: Infinity,
        reply: { json: { answer: 'We look.' } },
      },
    );
    stage.sorts('sorter', 'One:', {
      'Green?': { label: 'tea', confidence: 0.9 },
      'Black?': { label: 'tea', confidence: 0.4 },
      'Hot?': { label: 'tea', confidence: 0.4 },
      'Cocoa?': { label: 'cocoa', confidence: 1 },
    });
    stage.sorts('expert', 'One:', {
      'Black?': { label: 'coffee', confidence: 0.6 },
      'Hot?': { label: 'coffee', confidence: 0.3, likeliest: ['coffee', 'milk'] },
      'Cocoa?': { label: 'Tea', confidence: 1, likeliest: ['chocolate'] },
    });
  });
  afterAll(() => stage.close());

  it('takes the word of the cheap agent where that is sure; self-service answers from the help', () =>
    on(async () => {
      expect(await (await ask('One: Green?')).result()).toMatchObject({
        label: 'tea',
        decidedBy: 'cheap',
        confidence: 0.9,
        handledBy: 'self_service',
        answer: 'Three minutes.',
        answering: { sorter: { 'gpt-5-nano': 1 }, expert: {}, offline: false },
      });
    }));

  it('asks the expensive agent where it is not', () =>
    on(async () => {
      expect(await (await ask('One: Black?')).result()).toMatchObject({
        label: 'coffee',
        decidedBy: 'expensive',
        handledBy: 'specialist',
        answer: 'We look.',
        answering: { expert: { 'gpt-5': 1 } },
      });
    }));

  it('asks a person where both are not, with the likeliest categories as options', () =>
    on(async () => {
      const run = await ask('One: Hot?');
      const [question] = await run.approvals({ wait: '20 seconds' });
      expect(question).toMatchObject({
        title: 'Is this coffee? One: Hot?',
        options: ['coffee', 'milk', 'tea'],
        approvers: ['service-desk'],
      });
      await run.approve({ by: 'service-desk', choice: 'tea' });
      expect(await run.result()).toMatchObject({
        label: 'tea',
        decidedBy: 'person',
        answer: 'Three minutes.',
      });
    }));

  it('takes an approval without a choice as agreement', () =>
    on(async () => {
      const run = await ask('One: Hot?');
      await run.approvals({ wait: '20 seconds' });
      await run.approve({ by: 'service-desk' });
      expect(await run.result()).toMatchObject({ label: 'coffee', decidedBy: 'person' });
    }));

  it('has a person answer what nobody can sort', () =>
    on(async () => {
      const run = await ask('One: Hot?');
      await run.approvals({ wait: '20 seconds' });
      await run.reject({ by: 'service-desk' });
      const [question] = await run.approvals({ wait: '20 seconds' });
      expect(question?.title).toBe('Please answer: One: Hot?');
      await run.approve({ by: 'service-desk', comment: 'Chocolate, surely.' });
      expect(await run.result()).toMatchObject({
        label: null,
        decidedBy: 'nobody',
        handledBy: 'person',
        answer: 'Chocolate, surely.',
      });
    }));

  it('does not take a label that is not among the categories', () =>
    on(async () => {
      const run = await ask('One: Cocoa?');
      const [question] = await run.approvals({ wait: '20 seconds' });
      expect(question).toMatchObject({
        title: 'What is this about? One: Cocoa?',
        options: ['tea', 'coffee', 'milk'],
      });
      await run.approve({ by: 'service-desk', choice: 'tea' });
      expect(await run.result()).toMatchObject({ label: 'tea', decidedBy: 'person' });
    }));

  it.each([
    [{ text: ' ' }, /text/],
    [{ question: 'Hot?' }, /text[\s\S]*question|question[\s\S]*text/],
  ])('refuses %j', (input, problem) =>
    on(async () => {
      const run = await stage.baton.start('routeQuestion', input);
      await expect(run.result()).rejects.toMatchObject({
        cause: { cause: { type: 'InputInvalid', message: expect.stringMatching(problem) } },
      });
    }),
  );
});
