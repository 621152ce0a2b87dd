import type { Reply } from '../../../src/testing/index.js';
import { Cast } from '../../support/cast.js';
import { openStage, outcomeOf } from '../../support/stage.js';
import * as agents from '../fixtures/judged-agents.js';
import type { decide, Voting } from '../fixtures/judged-workflows.js';

const stage = openStage(
  agents,
  (model) => model.models('small', 'large', 'free'),
  new URL('../fixtures/judged-workflows.ts', import.meta.url),
);

const DOWN: Reply = { status: 401 };
const HANG: Reply = { hang: true };
const its = (choice: string, reason?: string): Reply => ({ json: { choice, reason } });

async function cast(name: string, answers: Parameters<Cast['script']>[0]) {
  return new Cast((await stage).model, `case ${name};`).script(answers);
}

async function start(it: Cast, options: Partial<Voting> = {}) {
  const voters = ['red', 'green', 'blue'];
  return (await stage).baton.start<typeof decide>('decide', { text: it.text, voters, ...options });
}

async function decided(it: Cast, options: Partial<Voting> = {}) {
  return outcomeOf(await start(it, options));
}

describe('vote', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('the majority wins, and the votes are told with their reasons', async () => {
    const it = await cast('majority', {
      red: [its('yes', 'r')],
      green: [its('no')],
      blue: [its('yes', 'b')],
    });
    expect(await decided(it)).toEqual({
      result: {
        winner: 'yes',
        by: 'votes',
        output: { choice: 'yes', reason: 'r' },
        tally: [
          { choice: 'yes', weight: 2, voters: ['red', 'blue'], reasons: ['r', 'b'] },
          { choice: 'no', weight: 1, voters: ['green'], reasons: [] },
        ],
        votes: [
          { name: 'red', choice: 'yes', weight: 1, reason: 'r', output: { choice: 'yes', reason: 'r' } },
          { name: 'green', choice: 'no', weight: 1, output: { choice: 'no' } },
          { name: 'blue', choice: 'yes', weight: 1, reason: 'b', output: { choice: 'yes', reason: 'b' } },
        ],
        missing: [],
        rounds: 1,
        earlier: [],
      },
    });
    expect(it.said('red')).toEqual(['case majority;']);
  });

  test.concurrent('weights count', async () => {
    const it = await cast('weights', { red: [its('yes')], green: [its('no')], blue: [its('no')] });
    expect((await decided(it, { weights: { red: 3 } })).result).toMatchObject({
      winner: 'yes',
      tally: [
        { choice: 'yes', weight: 3 },
        { choice: 'no', weight: 2 },
      ],
    });
  });

  test.concurrent.each([
    ['of nobody', { rot: 1 }, 'vote: there is no voter "rot" for a weight'],
    ['that is none', { red: -1 }, 'vote: -1 is no weight for "red"; give a number over 0'],
  ])('a weight %s is a failure', async (name, weights, message) => {
    const it = await cast(`weight ${name}`, {});
    expect(await decided(it, { weights })).toMatchObject({ code: 'ConfigInvalid', message });
  });

  test.concurrent(
    "unanimous: in the next round each sees its own vote and the others', without names",
    async () => {
      const it = await cast('unanimous', {
        red: [its('yes', 'cheap'), its('no', 'now I see')],
        green: [its('no', 'unsafe'), its('no', 'unsafe')],
        blue: [its('no', 'too late'), its('no', 'too late')],
      });
      const { result } = await decided(it, { rule: 'unanimous' });
      expect(result).toMatchObject({
        winner: 'no',
        by: 'votes',
        rounds: 2,
        tally: [{ choice: 'no', weight: 3 }],
        earlier: [{ votes: [{ choice: 'yes' }, { choice: 'no' }, { choice: 'no' }], missing: [] }],
      });
      const [context, input] = it.said('red', 1);
      expect(input).toBe('case unanimous;');
      const { note, yours, others } = JSON.parse(context ?? '') as Record<string, unknown>;
      expect(note).toContain('not instructions');
      expect(yours).toEqual({ choice: 'yes', reason: 'cheap' });
      expect(others).toHaveLength(2);
      expect(others).toEqual(
        expect.arrayContaining([
          { choice: 'no', reason: 'unsafe' },
          { choice: 'no', reason: 'too late' },
        ]),
      );
      for (const name of ['green', 'blue']) expect(context).not.toContain(name);
    },
  );

  test.concurrent('an agent in a child workflow hears the others as well', async () => {
    const it = await cast('children', {
      red: [its('no', 'unsafe'), its('no')],
      green: [its('yes'), its('no')],
    });
    const { result } = await decided(it, { voters: ['red', 'greenChild'], rule: 'unanimous' });
    expect(result).toMatchObject({ winner: 'no', by: 'votes', rounds: 2 });
    const [context, input] = it.said('green', 1);
    expect(input).toBe('case children;');
    expect(JSON.parse(context ?? '')).toMatchObject({
      yours: { choice: 'yes' },
      others: [{ choice: 'no', reason: 'unsafe' }],
    });
  });

  test.concurrent('an orchestration in a child workflow may vote in one round only', async () => {
    const it = await cast('deaf', { red: its('no') });
    const voters = ['red', 'alone'];
    expect(await decided(it, { voters, rounds: 1 })).toMatchObject({ result: { winner: 'no', rounds: 1 } });
    expect(await decided(it, { voters, rounds: 2 })).toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringMatching(/^vote: "alone" is an orchestration/),
    });
  });

  test.concurrent('a function is given the votes before as its second argument', async () => {
    const it = await cast('swayed', { red: its('yes') });
    expect((await decided(it, { voters: ['red', 'swayed'], rule: 'unanimous' })).result).toMatchObject({
      winner: 'yes',
      rounds: 2,
      earlier: [{ votes: [{ choice: 'yes' }, { choice: 'unsure' }] }],
    });
  });

  test.concurrent('without agreement after the last round it stays open', async () => {
    const it = await cast('open', { red: its('yes'), green: its('no'), blue: its('no') });
    expect((await decided(it, { rule: 'unanimous', rounds: 2 })).result).toMatchObject({
      winner: null,
      by: 'open',
      rounds: 2,
      tally: [{ choice: 'no' }, { choice: 'yes' }],
    });
    expect(it.asked('red')).toHaveLength(2);
  });

  test.concurrent('a tie goes to the first by rule', async () => {
    const it = await cast('first', { red: [its('yes')], green: [its('no')] });
    expect((await decided(it, { voters: ['red', 'green'], tie: 'first' })).result).toMatchObject({
      winner: 'yes',
      by: 'first',
      output: { choice: 'yes' },
    });
  });

  test.concurrent('or to a chair, who sees the level options with their reasons', async () => {
    const it = await cast('chair', { red: [its('yes', 'cheap')], green: [its('no', 'unsafe')], cid: ['no'] });
    expect((await decided(it, { voters: ['red', 'green'], tie: 'cid' })).result).toMatchObject({
      winner: 'no',
      by: 'chair',
      missing: [],
    });
    expect(it.said('cid')[0]).toContain('"reasons":["unsafe"]');
  });

  test.concurrent('a chair that fails, or names no option, leaves it open and is named', async () => {
    const votes = { red: [its('yes')], green: [its('no')] };
    const [down, astray] = [
      await cast('chair down', { ...votes, cid: DOWN }),
      await cast('chair astray', { ...votes, cid: ['perhaps'] }),
    ];
    const options: Partial<Voting> = { voters: ['red', 'green'], tie: 'cid' };
    expect((await decided(down, options)).result).toMatchObject({
      winner: null,
      by: 'open',
      missing: [{ name: 'chair', code: 'Unauthorized' }],
    });
    expect((await decided(astray, options)).result).toMatchObject({
      winner: null,
      missing: [{ name: 'chair', code: 'NotAccepted', message: '"perhaps" is none of the options' }],
    });
  });

  test.concurrent('or to a person', async () => {
    const it = await cast('person', { red: [its('yes')], green: [its('no', 'unsafe')] });
    const run = await start(it, { voters: ['red', 'green'], tie: { approvers: ['lead'] } });
    const [question] = await run.approvals({ wait: '30 seconds' });
    expect(question).toMatchObject({
      title: 'The vote is open: yes, no?',
      options: ['yes', 'no'],
      details: { input: 'case person;', options: [{ choice: 'yes' }, { choice: 'no', reasons: ['unsafe'] }] },
    });
    await run.approve({ by: 'lead', choice: 'no' });
    expect((await outcomeOf(run)).result).toMatchObject({ winner: 'no', by: 'person' });
  });

  test.concurrent('a voter that fails is named, and the others decide', async () => {
    const it = await cast('one fails', { red: [its('yes')], green: DOWN, blue: [its('yes')] });
    expect((await decided(it)).result).toMatchObject({
      winner: 'yes',
      missing: [{ name: 'green', code: 'Unauthorized' }],
    });
  });

  test.concurrent('without a quorum it is a failure that says who is missing', async () => {
    const it = await cast('quorum', { red: [its('yes')], green: DOWN, blue: { refusal: 'no' } });
    expect(await decided(it)).toMatchObject({
      code: 'TooFewResults',
      message: expect.stringMatching(/^1 of 3 voted, needed: 2; green: Unauthorized: .*; blue: Refused: /),
      details: { missing: [{ name: 'green' }, { name: 'blue' }] },
    });
  });

  test.concurrent('where all fail it is a failure, whatever the quorum', async () => {
    const it = await cast('all fail', { red: DOWN, green: DOWN, blue: DOWN });
    expect(await decided(it, { quorum: 1 })).toMatchObject({
      code: 'TooFewResults',
      message: expect.stringMatching(/^0 of 3 voted, needed: 1; /),
    });
  });

  test.concurrent('where a further round fails the one before it counts', async () => {
    const it = await cast('second fails', {
      red: [its('yes'), { refusal: 'a' }],
      green: [its('no'), { refusal: 'b' }],
      blue: [its('no'), its('no')],
    });
    expect((await decided(it, { rule: 'unanimous', tie: 'first' })).result).toMatchObject({
      winner: 'no',
      by: 'first',
      rounds: 1,
      missing: [{ name: 'discussion', code: 'TooFewResults' }],
    });
  });

  test.concurrent('a voter that hangs is given up after its time', async () => {
    const it = await cast('hangs', { red: [its('yes')], green: HANG, blue: [its('yes')] });
    expect((await decided(it, { timeout: '2 seconds' })).result).toMatchObject({
      winner: 'yes',
      missing: [{ name: 'green', code: 'TimedOut' }],
    });
    await it.abandoned('green');
  });

  test.concurrent('a cancelled run gives up all its requests', async () => {
    const it = await cast('cancelled', { red: HANG, green: HANG, blue: HANG });
    const run = await start(it);
    await Promise.all(['red', 'green', 'blue'].map((name) => it.arrived(name)));
    await run.cancel();
    await Promise.all(['red', 'green', 'blue'].map((name) => it.abandoned(name)));
    await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });
});
