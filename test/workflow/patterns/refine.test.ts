import type { UntilResult } from '../../../src/workflows/until.js';
import { eventually, failureOfRun, openTalkStage, Talking } from '../../support/talk-stage.js';

type Refined = UntilResult<string>;

const stage = openTalkStage();
const talk = async (name: string) => new Talking(await stage, name);
const verdict = (accepted: boolean, score: number | null = null, feedback: string | null = null) => ({
  json: { accepted, score, feedback },
});

describe('refine', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('a writer goes on with its transcript and is told the feedback only', async () => {
    const it = (await talk('refine text'))
      .answers('writer', 'first', 'second', 'third')
      .answers('critic', verdict(false, 3, 'shorter'), verdict(false, 4, 'warmer'), verdict(true, 9));
    expect(await it.result<Refined>('refineText')).toEqual({
      value: 'third',
      accepted: true,
      verdict: { accepted: true, score: 9 },
      rounds: [
        { value: 'first', verdict: { accepted: false, score: 3, feedback: 'shorter' } },
        { value: 'second', verdict: { accepted: false, score: 4, feedback: 'warmer' } },
        { value: 'third', verdict: { accepted: true, score: 9 } },
      ],
    });
    expect(it.sent('writer').at(-1)).toEqual([
      it.task,
      'first',
      expect.stringMatching(/was not accepted.*\n\nshorter$/),
      'second',
      expect.stringMatching(/was not accepted.*\n\nwarmer$/),
    ]);
    // The critic judges each draft afresh.
    expect(it.sent('critic')).toEqual(
      ['first', 'second', 'third'].map((draft) => [JSON.stringify({ task: it.task, draft })]),
    );
  });

  test.concurrent('a writer whose input is data gets the feedback as context before its input', async () => {
    const it = (await talk('refine form'))
      .answers('formWriter', 'first', 'second')
      .answers('critic', verdict(false, null, 'shorter'), verdict(true));
    expect(await it.result<Refined>('refineForm')).toMatchObject({ value: 'second', accepted: true });
    const form = JSON.stringify({ topic: it.task });
    expect(it.sent('formWriter').at(-1)).toEqual([form, 'first', expect.stringContaining('"shorter"'), form]);
  });

  test.concurrent(
    'a critic of any type is read by an option, and so is what the writer goes on with',
    async () => {
      const it = (await talk('refine marks'))
        .answers('writer', 'first', 'second')
        .answers('grader', { json: { mark: 5 } }, { json: { mark: 2 } });
      expect(await it.result<Refined>('refineOwnWords')).toMatchObject({
        value: 'second',
        verdict: { accepted: true, score: -2, mark: 2 },
      });
      expect(it.sent('writer').at(-1)).toEqual([it.task, 'first', 'Mark 5. Once more.']);
    },
  );

  test.concurrent('a function as writer is given what it made last', async () => {
    const it = await talk('refine fn');
    expect(await it.result<Refined>('refineByFunction')).toMatchObject({
      value: `${it.task} after ${it.task.length}`,
      accepted: true,
      rounds: [{}, {}],
    });
    expect(it.arrivals()).toEqual([]);
  });

  test.concurrent('at the bound the best is kept, not the last', async () => {
    const it = (await talk('refine bound'))
      .answers('writer', 'poor', 'good', 'middling')
      .answers('critic', verdict(false, 1, 'a'), verdict(false, 7, 'b'), verdict(false, 5, 'c'));
    const { rounds, ...rest } = await it.result<Refined>('refineText');
    expect(rest).toEqual({
      value: 'good',
      accepted: false,
      verdict: { accepted: false, score: 7, feedback: 'b' },
    });
    expect(rounds).toHaveLength(3);
  });

  test.concurrent('a writer that fails later leaves the best so far, and why', async () => {
    const it = (await talk('refine writer fails'))
      .answers('writer', 'good', 'poor', { status: 400 })
      .answers('critic', verdict(false, 7, 'a'), verdict(false, 1, 'b'));
    expect(await it.result<Refined>('refineText')).toMatchObject({
      value: 'good',
      accepted: false,
      rounds: [{ value: 'good' }, { value: 'poor' }],
      failure: { code: 'BadRequest', message: expect.stringMatching(/^writer: /) },
    });
  });

  test.concurrent('a critic that fails leaves the draft unjudged, which is not accepted', async () => {
    const it = (await talk('refine critic fails'))
      .answers('writer', 'first')
      .answers('critic', { status: 400 });
    expect(await it.result<Refined>('refineText')).toMatchObject({
      value: 'first',
      accepted: false,
      verdict: { accepted: false },
      failure: { code: 'BadRequest', message: expect.stringMatching(/^critic: /) },
    });
  });

  test.concurrent('where nothing was written at all the failure is thrown', async () => {
    const it = (await talk('refine nothing')).answers('writer', { status: 400 });
    expect(await failureOfRun(it.result('refineText'))).toMatchObject({
      code: 'BadRequest',
      message: expect.stringMatching(/^writer: /),
    });
  });

  test.concurrent.each([
    ['writer', ['first', { hang: true } as const], [verdict(false, 7, 'a')]],
    ['critic', ['first', 'second'], [verdict(false, 7, 'a'), { hang: true } as const]],
  ])('a round in which the %s hangs is cancelled in time', async (who, drafts, verdicts) => {
    const it = (await talk(`refine ${who} hangs`))
      .answers('writer', ...drafts)
      .answers('critic', ...verdicts);
    expect(await it.result<Refined>('refineText', { timeout: 6_000 })).toMatchObject({
      value: 'first',
      accepted: false,
      failure: { code: 'TimedOut' },
    });
    await eventually(() => it.arrivals(who).at(-1)?.abandoned === true, 'the end of the request');
  });

  test.concurrent('a cancelled run ends, and the request with it', async () => {
    const it = (await talk('refine cancelled')).answers('writer', 'first').answers('critic', { hang: true });
    const run = await it.start('refineText');
    await eventually(() => it.arrivals('critic').length === 1, 'the request');
    await run.cancel();
    expect(await failureOfRun(run.result())).toMatchObject({ code: 'CancelledFailure' });
    await eventually(() => it.arrivals('critic')[0]?.abandoned === true, 'the end of the request');
  });
});
