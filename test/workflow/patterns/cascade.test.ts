import type { Reply } from '../../../src/testing/index.js';
import { Cast } from '../../support/cast.js';
import { openStage, outcomeOf } from '../../support/stage.js';
import * as agents from '../fixtures/judged-agents.js';
import type { climb, Climbing } from '../fixtures/judged-workflows.js';

const stage = openStage(
  agents,
  (model) => model.models('small', 'large', 'free'),
  new URL('../fixtures/judged-workflows.ts', import.meta.url),
);

const DOWN: Reply = { status: 401 };
const HANG: Reply = { hang: true };
const yes: Reply = { json: { accepted: true, score: 9 } };
const no = (feedback: string, score?: number): Reply => ({ json: { accepted: false, score, feedback } });

const RUNGS = ['ann', 'ben', 'cid'];

async function cast(name: string, answers: Parameters<Cast['script']>[0]) {
  return new Cast((await stage).model, `case ${name};`).script(answers);
}

async function start(it: Cast, options: Partial<Climbing> = {}) {
  return (await stage).baton.start<typeof climb>('climb', { text: it.text, rungs: RUNGS, ...options });
}

async function climbed(it: Cast, options: Partial<Climbing> = {}) {
  return outcomeOf(await start(it, options));
}

describe('cascade', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('asks from cheap to expensive until one is accepted, and no further', async () => {
    const it = await cast('accepted', { ann: ['a'], ben: ['b'], verifier: [no('too vague', 3), yes] });
    expect(await climbed(it)).toEqual({
      result: {
        output: 'b',
        by: 'ben',
        accepted: true,
        score: 9,
        rejected: [{ name: 'ann', code: 'NotAccepted', message: 'too vague', score: 3 }],
      },
    });
    expect(it.said('ben')).toEqual(['case accepted;']);
    expect(it.said('verifier', 1)).toEqual(['case accepted; The answer: b']);
    expect(it.asked('cid')).toEqual([]);
  });

  test.concurrent('a rung that fails is named, and the next is asked', async () => {
    const it = await cast('one fails', { ann: DOWN, ben: ['b'], verifier: [yes] });
    expect((await climbed(it)).result).toMatchObject({
      by: 'ben',
      rejected: [{ name: 'ann', code: 'Unauthorized' }],
    });
  });

  test.concurrent('what could not be verified counts as not accepted', async () => {
    const it = await cast('verifier', { ann: ['a'], ben: ['b'], verifier: [{ refusal: 'no' }, yes] });
    expect((await climbed(it)).result).toMatchObject({
      by: 'ben',
      rejected: [{ name: 'ann', code: 'Refused' }],
    });
  });

  test.concurrent('where all rungs fail the failure names them', async () => {
    const it = await cast('all fail', { ann: DOWN, ben: { refusal: 'no' }, cid: DOWN });
    expect(await climbed(it, { otherwise: 'best' })).toMatchObject({
      code: 'TooFewResults',
      message: expect.stringMatching(
        /^no rung gave an output; ann: Unauthorized: .*; ben: Refused: .*; cid: /,
      ),
      details: { rejected: [{ name: 'ann' }, { name: 'ben' }, { name: 'cid' }] },
    });
    expect(it.asked('verifier')).toEqual([]);
  });

  test.concurrent('where nothing is accepted it fails with the reasons', async () => {
    const verifier = [no('vague', 2), no('wrong', 5), no('long', 4)];
    const it = await cast('nothing', { ann: ['a'], ben: ['b'], cid: ['c'], verifier });
    expect(await climbed(it)).toMatchObject({
      code: 'NotAccepted',
      message: 'ann: NotAccepted: vague; ben: NotAccepted: wrong; cid: NotAccepted: long',
      details: { rejected: [{ score: 2 }, { score: 5 }, { score: 4 }] },
    });
  });

  test.concurrent('or gives the best, and says that it was not accepted', async () => {
    const verifier = [no('vague', 2), no('wrong', 5), no('long', 4)];
    const it = await cast('best', { ann: ['a'], ben: ['b'], cid: ['c'], verifier });
    expect((await climbed(it, { otherwise: 'best' })).result).toMatchObject({
      output: 'b',
      by: 'ben',
      accepted: false,
      score: 5,
      rejected: [{ name: 'ann' }, { name: 'ben', message: 'wrong' }, { name: 'cid' }],
    });
  });

  test.concurrent('without scores the best is the last that gave an output', async () => {
    const it = await cast('no scores', { ann: ['a'], ben: ['b'], cid: DOWN, verifier: [no('x'), no('y')] });
    expect((await climbed(it, { otherwise: 'best' })).result).toMatchObject({ by: 'ben', accepted: false });
  });

  test.concurrent('a rung that hangs is given up after its time', async () => {
    const it = await cast('hangs', { ann: HANG, ben: ['b'], verifier: [yes] });
    expect((await climbed(it, { timeout: '1 second' })).result).toMatchObject({
      by: 'ben',
      rejected: [{ name: 'ann', code: 'TimedOut' }],
    });
    await it.abandoned('ann');
  });

  test.concurrent('a cancelled run gives up its request, and asks no further rung', async () => {
    const it = await cast('cancelled', { ann: HANG });
    const run = await start(it, { otherwise: 'best' });
    await it.arrived('ann');
    await run.cancel();
    await it.abandoned('ann');
    await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(it.asked('ben')).toEqual([]);
  });

  test.concurrent('without rungs it is a failure', async () => {
    const it = await cast('none', {});
    expect(await climbed(it, { rungs: [] })).toMatchObject({
      code: 'ConfigInvalid',
      message: 'cascade: there is nobody to ask',
    });
  });
});
