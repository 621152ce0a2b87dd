import type { Reply } from '../../../src/testing/index.js';
import { abandoned, DOWN, HANG, run, script, stage, start } from '../../support/fan-out.js';
import type * as workflows from '../fixtures/fan-out-workflows.js';

describe('primitives', () => {
  afterAll(async () => (await stage).close());
  describe('contain', () => {
    test.concurrent('a failure is data, or its fall-back is the value', async () => {
      await script({ 'kept 1': DOWN }, 3);
      await script({ 'kept 2': 'other' });
      const contained = (input: workflows.Contained) => run<typeof workflows.contained>('contained', input);
      expect(await contained({ input: 'kept 1;' })).toMatchObject({
        ok: false,
        failure: { code: 'Unauthorized' },
      });
      expect(await contained({ input: 'kept 1;', fallback: 'none' })).toMatchObject({
        ok: true,
        value: 'none',
        replaced: { code: 'Unauthorized' },
      });
      expect(await contained({ input: 'kept 1;', otherwise: 'kept 2;' })).toMatchObject({
        ok: true,
        value: 'other',
      });
    });

    test.concurrent('a fall-back that fails is the failure', async () => {
      await script({ 'twice 1': DOWN, 'twice 2': { refusal: 'no' } });
      expect(
        await run<typeof workflows.contained>('contained', { input: 'twice 1;', otherwise: 'twice 2;' }),
      ).toMatchObject({ ok: false, failure: { code: 'Refused' } });
    });

    test.concurrent('time-outs nest', async () => {
      await script({ nested: HANG });
      expect(await run<typeof workflows.nested>('nested', 'nested;')).toMatchObject({
        ok: true,
        value: {
          inner: { ok: false, failure: { code: 'TimedOut' } },
          after: { ok: false, failure: { code: 'TimedOut' } },
        },
      });
      await abandoned('nested;');
    });
  });

  describe('until', () => {
    const rounds = (name: string, max: number) => run<typeof workflows.rounds>('rounds', { name, max });
    /** Rounds of the loop: the text, and the judgement of it. */
    async function scriptRounds(name: string, ...all: [Reply, Reply?][]) {
      const { model } = await stage;
      all.forEach(([text, verdict], i) => {
        model.script({ when: `${name} write ${i + 1}`, reply: text });
        if (verdict) model.script({ when: `${name} judge ${i + 1}`, reply: verdict });
      });
    }
    const verdict = (accepted: boolean, score: number) => ({ json: { accepted, score } });

    test.concurrent('ends with the accepted round', async () => {
      await scriptRounds('ends', ['one', verdict(false, 9)], ['two', verdict(true, 5)]);
      expect(await rounds('ends', 5)).toMatchObject({ value: 'two', accepted: true, rounds: [{}, {}] });
    });

    test.concurrent('keeps the best at its bound, not the last', async () => {
      await scriptRounds(
        'bound',
        ['one', verdict(false, 2)],
        ['two', verdict(false, 7)],
        ['three', verdict(false, 4)],
      );
      expect(await rounds('bound', 3)).toMatchObject({
        value: 'two',
        accepted: false,
        verdict: { score: 7 },
      });
    });

    test.concurrent('a round that fails leaves the best before it, and says so', async () => {
      await scriptRounds('breaks', ['one', verdict(false, 2)], [DOWN]);
      expect(await rounds('breaks', 3)).toMatchObject({
        value: 'one',
        accepted: false,
        failure: { code: 'Unauthorized' },
      });
    });

    test.concurrent('a result that cannot be judged is there, not accepted', async () => {
      await scriptRounds('unjudged', ['one', DOWN]);
      expect(await rounds('unjudged', 3)).toMatchObject({
        value: 'one',
        accepted: false,
        failure: { code: 'Unauthorized' },
      });
    });

    test.concurrent('a first round that fails is the failure of the whole', async () => {
      await scriptRounds('first', [DOWN]);
      await expect(rounds('first', 3)).rejects.toMatchObject({ cause: { type: 'Unauthorized' } });
    });
  });

  test('waitFor tells whether it came in time', async () => {
    expect(await run<typeof workflows.waits>('waits', 5_000)).toEqual([true, false]);
    expect(await run<typeof workflows.waits>('waits', 20)).toEqual([false, false]);
  });

  test('a run of an unknown orchestration fails with a name', async () => {
    const going = await start('fanOutt', {});
    await expect(going.result()).rejects.toMatchObject({
      cause: {
        type: 'OrchestrationUnknown',
        message: expect.stringMatching(
          /^there is no orchestration "fanOutt" among this worker's: .*fanOut.*agent/,
        ),
      },
    });
  });

  test.concurrent.each([
    [undefined, 'InputInvalid', /it is no object/],
    [{}, 'InputInvalid', /"agent" is the name of an agent/],
    [{ agent: 'echo' }, 'InputInvalid', /"input" is missing/],
    [{ agent: 'echo', inptu: 'x' }, 'InputInvalid', /"inptu" is none of its fields: agent, input/],
    [{ agent: 'ecko', input: 'x' }, 'AgentUnknown', /the worker has no agent "ecko"/],
  ])('the orchestration "agent" refuses %j', async (input, type, message) => {
    await expect(run('agent', input)).rejects.toMatchObject({
      cause: { type, message: expect.stringMatching(message) },
    });
  });

  test('the orchestration "agent" runs an agent without a workflow of one\'s own', async () => {
    await script({ 'only me': 'here' });
    expect(await run('agent', { agent: 'echo', input: 'only me;' })).toBe('here');
  });
});
