import type { ChatRequest, Reply } from '../../../src/testing/index.js';
import type { Reconciled } from '../../../src/workflows/index.js';
import { eventually, failureOfRun, openTalkStage, Talking } from '../../support/talk-stage.js';

type Result = Reconciled<string>;

const stage = openTalkStage();
const talk = async (name: string) => new Talking(await stage, name);

interface Asked {
  answers: { label: string; answer: string }[];
  conflicts: { number: number; topic: string; claims: { by: string; claim: string }[] }[];
}

const askedOf = ({ messages }: ChatRequest) => JSON.parse(String(messages.at(-1)?.content)) as Asked;

/** What label an answer goes by, which is left to chance. */
function labelIn(request: ChatRequest, answer: string): string {
  return askedOf(request).answers.find((one) => one.answer === answer)?.label ?? 'none';
}

/** A comparer's answer: a conflict for each list of answers, whose claims are the answers in capitals. */
function conflictsOf(...topics: string[][]) {
  return (request: ChatRequest): Reply => ({
    json: {
      agreed: [],
      conflicts: topics.map((answers, place) => ({
        topic: `topic ${place + 1}`,
        claims: answers.map((answer) => ({ by: labelIn(request, answer), claim: answer.toUpperCase() })),
      })),
    },
  });
}

/** An arbiter's answer: whose answer each conflict, by its number, is decided for. */
function decides(decisions: Record<number, string | null>) {
  return (request: ChatRequest): Reply => ({
    json: {
      decisions: Object.entries(decisions).map(([conflict, answer]) => ({
        conflict: Number(conflict),
        claim: answer === null ? null : labelIn(request, answer),
        reasons: `since ${conflict}`,
      })),
    },
  });
}

const CLAIMS = [
  { by: 'alice', claim: 'ONE' },
  { by: 'bob', claim: 'TWO' },
];

describe('reconcile', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('names the conflicts without names, and has the arbiter decide each', async () => {
    const it = (await talk('decided'))
      .answers('alice', 'one')
      .answers('bob', 'two')
      .answers('carol', 'one and more')
      .answers('comparer', (request) => ({
        json: {
          agreed: [
            {
              statement: 'it is a number',
              by: [labelIn(request, 'one'), `Answer ${labelIn(request, 'two')}`],
            },
            { statement: 'nobody said this', by: ['Z'] },
          ],
          conflicts: (conflictsOf(['one', 'two'], ['two', 'one and more'])(request) as { json: Asked }).json
            .conflicts,
        },
      }))
      .answers('arbiter', decides({ 1: 'two', 2: null }));
    const result = await it.result<Result>('dispute');
    expect(result).toEqual({
      answers: [
        { by: 'alice', answer: 'one' },
        { by: 'bob', answer: 'two' },
        { by: 'carol', answer: 'one and more' },
      ],
      agreed: [{ statement: 'it is a number', by: ['alice', 'bob'] }],
      conflicts: [
        {
          topic: 'topic 1',
          claims: CLAIMS,
          decision: { claim: 'TWO', of: 'bob', reasons: 'since 1', by: 'baton_arbiter' },
        },
        { topic: 'topic 2', claims: expect.any(Array), open: 'baton_arbiter: since 2' },
      ],
      missing: [],
    });
    for (const judge of ['comparer', 'arbiter']) {
      const [request] = it.arrivals(judge).map(({ request }) => request);
      const text = JSON.stringify(request?.messages);
      expect(text).not.toMatch(/alice|bob|carol/);
      expect(request && askedOf(request).answers.map(({ label }) => label)).toEqual(['A', 'B', 'C']);
    }
    expect(it.arrivals()).toHaveLength(5);
  });

  test.concurrent('asks no arbiter where there is no conflict', async () => {
    const it = (await talk('no conflict'))
      .answers('alice', 'one')
      .answers('bob', 'one')
      .answers('comparer', conflictsOf());
    expect(await it.result<Result>('dispute', { names: ['alice', 'bob'] })).toMatchObject({ conflicts: [] });
    expect(it.arrivals('arbiter')).toEqual([]);
  });

  test.concurrent('shows nothing of answers that do not exist', async () => {
    const it = (await talk('made up'))
      .answers('alice', 'one')
      .answers('bob', 'two')
      .answers('comparer', (request) => ({
        json: {
          agreed: [],
          conflicts: [
            {
              topic: 'half made up',
              claims: [
                { by: labelIn(request, 'one'), claim: 'ONE' },
                { by: 'D', claim: 'made up' },
              ],
            },
            {
              topic: 'real',
              claims: [
                { by: labelIn(request, 'one').toLowerCase(), claim: 'ONE' },
                { by: `(${labelIn(request, 'two')})`, claim: 'TWO' },
                { by: 'alice', claim: 'made up' },
              ],
            },
            {
              topic: 'left out',
              claims: [
                { by: labelIn(request, 'one'), claim: 'ONE' },
                { by: labelIn(request, 'two'), claim: 'TWO' },
              ],
            },
          ],
        },
      }))
      .answers('arbiter', {
        json: {
          decisions: [
            { conflict: 1, claim: 'D', reasons: 'D is right' },
            { conflict: 9, claim: 'A', reasons: 'no such conflict' },
          ],
        },
      });
    const { conflicts } = await it.result<Result>('dispute', { names: ['alice', 'bob'] });
    expect(conflicts).toEqual([
      { topic: 'real', claims: CLAIMS, open: 'baton_arbiter decided for a claim that does not exist: D' },
      { topic: 'left out', claims: CLAIMS, open: 'baton_arbiter did not decide it' },
    ]);
  });

  test.concurrent('leaves out who fails and who hangs, and goes on with one answer alone', async () => {
    const it = (await talk('one left'))
      .answers('alice', 'one')
      .answers('bob', { status: 400 })
      .answers('carol', { hang: true });
    expect(await it.result<Result>('dispute', { timeout: 6_000 })).toMatchObject({
      answers: [{ by: 'alice', answer: 'one' }],
      conflicts: [],
      missing: [
        { name: 'bob', code: 'BadRequest' },
        { name: 'carol', code: 'TimedOut' },
      ],
    });
    expect(it.arrivals('comparer')).toEqual([]);
    await eventually(() => it.arrivals('carol')[0]?.abandoned === true, 'the end of the request');
  });

  test.concurrent('fails where nobody answers', async () => {
    const it = (await talk('nobody')).answers('alice', { status: 400 }).answers('bob', { status: 401 });
    expect(await failureOfRun(it.result('dispute', { names: ['alice', 'bob'] }))).toEqual({
      code: 'TooFewResults',
      message: expect.stringMatching(/^nobody answered; alice: BadRequest: .*; bob: Unauthorized: /),
    });
  });

  test.concurrent('leaves all conflicts open where the arbiter fails', async () => {
    const it = (await talk('arbiter fails'))
      .answers('alice', 'one')
      .answers('bob', 'two')
      .answers('comparer', conflictsOf(['one', 'two'], ['one', 'two']))
      .answers('arbiter', { status: 400 });
    const { conflicts } = await it.result<Result>('dispute', { names: ['alice', 'bob'] });
    expect(conflicts).toEqual([
      { topic: 'topic 1', claims: CLAIMS, open: expect.stringMatching(/^baton_arbiter: BadRequest: /) },
      { topic: 'topic 2', claims: CLAIMS, open: expect.stringMatching(/^baton_arbiter: BadRequest: /) },
    ]);
  });

  test.concurrent('has the arbiter decide between whole answers where they cannot be compared', async () => {
    const it = (await talk('comparer fails'))
      .answers('alice', 'one')
      .answers('bob', 'two')
      .answers('comparer', { status: 400 })
      .answers('arbiter', decides({ 1: 'one' }));
    expect(await it.result<Result>('dispute', { names: ['alice', 'bob'] })).toMatchObject({
      conflicts: [{ decision: { claim: 'one', of: 'alice' } }],
      failure: { code: 'BadRequest' },
    });
  });

  test.concurrent('asks a person about each conflict that the arbiter left open', async () => {
    const it = (await talk('person'))
      .answers('alice', 'one')
      .answers('bob', 'two')
      .answers('comparer', conflictsOf(['one', 'two'], ['one', 'two'], ['one', 'two']))
      .answers('arbiter', decides({ 1: 'one', 2: null, 3: null }));
    const run = await it.start('dispute', {
      names: ['alice', 'bob'],
      arbiter: ['own', { approvers: ['lead'] }],
    });
    await eventually(async () => (await run.approvals()).length === 2, 'both questions');
    const waiting = await run.approvals();
    expect(waiting.map(({ title, options }) => [title, options])).toEqual([
      ['Which holds? topic 2', ['alice: ONE', 'bob: TWO']],
      ['Which holds? topic 3', ['alice: ONE', 'bob: TWO']],
    ]);
    const [second, third] = waiting.map(({ id }) => id);
    await run.reject({ id: third ?? '', by: 'lead', comment: 'ask again' });
    await run.approve({ id: second ?? '', by: 'lead', choice: 'bob: TWO', comment: 'I counted' });
    expect(((await run.result()) as Result).conflicts).toEqual([
      expect.objectContaining({ decision: expect.objectContaining({ of: 'alice' }) }),
      {
        topic: 'topic 2',
        claims: CLAIMS,
        decision: { claim: 'TWO', of: 'bob', reasons: 'I counted', by: 'lead' },
      },
      { topic: 'topic 3', claims: CLAIMS, open: 'a person: rejected by lead: ask again' },
    ]);
  });

  test.concurrent('asks several arbiters in order, each about what is open', async () => {
    const it = (await talk('two arbiters'))
      .answers('alice', 'one')
      .answers('bob', 'two')
      .answers('comparer', conflictsOf(['one', 'two']))
      .answers('arbiter', decides({ 1: 'two' }));
    expect(
      await it.result<Result>('dispute', { names: ['alice', 'bob'], arbiter: ['never', 'own'] }),
    ).toMatchObject({ conflicts: [{ decision: { of: 'bob', by: 'baton_arbiter' } }] });
  });

  test.concurrent('a cancelled run ends, and the requests with it', async () => {
    const it = await talk('cancelled');
    for (const name of ['alice', 'bob', 'carol']) it.answers(name, { hang: true });
    const run = await it.start('dispute');
    await eventually(() => it.arrivals().length === 3, 'the requests');
    await run.cancel();
    expect(await failureOfRun(run.result())).toMatchObject({ code: 'CancelledFailure' });
    await eventually(() => it.arrivals().every(({ abandoned }) => abandoned), 'the end of the requests');
  });
});
