import type { Run } from '../../src/client.js';
import { errand, type PlannedCall } from '../support/caller-script.js';
import { on, openEffectStage } from '../support/effect-stage.js';
import { reset } from '../support/reset.js';
import { eventually } from '../support/worker-stage.js';
import type * as workflows from './fixtures/effect-workflows.js';

const UNKNOWN =
  /^Error: Outcome unknown: .* It may or may not have been done; find out before doing it again\.$/;

/** What the caller does after a reset in place of what it was asked to. */
const instead = new Map<string, PlannedCall[][]>();
const { server, baton, close } = await openEffectStage({}, instead);

const start = (name: string, ...turns: PlannedCall[][]) =>
  baton.start<typeof workflows.call>('call', errand(name, ...turns));

/** What the model was told of its calls. */
const told = async (run: Run<string>) => JSON.parse(await run.result()) as string[];

describe('effects', () => {
  afterAll(close);

  describe('of a call whose connection is cut before its answer', () => {
    test.concurrent('happen once, and the model is told that nobody knows', async () => {
      const run = await start('cut', [on('charge', 'cut a', { cut: 9 })]);
      expect(await told(run)).toEqual([expect.stringMatching(UNKNOWN)]);
      expect(server.effects('cut')).toEqual(['charge']);
      expect(server.asked('cut')).toBe(1);
    });

    test.concurrent(
      'happen once where the tool enforces its key, and the model is told the result',
      async () => {
        const run = await start('mended', [on('transfer', 'mended a', { cut: 1 })]);
        expect(await told(run)).toEqual([expect.stringContaining('receipt')]);
        expect(server.effects('mended')).toEqual(['transfer']);
        expect(server.asked('mended')).toBe(2);
        expect(server.keys('mended').size).toBe(1);
      },
    );

    test.concurrent('have an unknown outcome also where all attempts are cut', async () => {
      const run = await start('broken', [on('transfer', 'broken a', { cut: 9 })]);
      expect(await told(run)).toEqual([expect.stringMatching(UNKNOWN)]);
      expect(server.effects('broken')).toEqual(['transfer']);
      expect(server.asked('broken')).toBe(3);
    });
  });

  test.concurrent(
    'have an unknown outcome, and are undone, where an attempt is cut and the next one is refused',
    async () => {
      const run = await start('torn', [on('transfer', 'torn a', { cut: 1, refuseFrom: 1 })]);
      expect(await told(run)).toEqual([expect.stringMatching(/^Error: Outcome unknown: no torn a now\./)]);
      const trip = await baton.start<typeof workflows.trip>('trip', {
        errands: [errand('ripped', [on('book', 'ripped a', { cut: 1, refuseFrom: 1 })])],
        then: 'undo',
      });
      await Promise.allSettled([trip.result()]);
      expect(server.effects('ripped')).toEqual(['book', 'unbook (unknown)']);
    },
  );

  test.concurrent('happened where what they gave is no JSON: nobody knows what it was', async () => {
    const run = await start('odd', [on('mint', 'odd a')]);
    expect(await told(run)).toEqual([expect.stringMatching(UNKNOWN)]);
    expect(server.effects('odd')).toEqual(['mint']);
  });

  test.concurrent('that were refused did not happen: the model is told why', async () => {
    const run = await start('refused', [on('charge', 'refused a', { refuse: 1 })]);
    expect(await told(run)).toEqual(['Error: no refused a now']);
    expect(server.effects('refused')).toEqual([]);
  });

  test.concurrent('of two calls alike are two, with a key each', async () => {
    const run = await start(
      'twice',
      [on('transfer', 'twice'), on('transfer', 'twice')],
      [on('transfer', 'twice')],
    );
    await told(run);
    expect(server.effects('twice')).toHaveLength(3);
    expect(server.keys('twice').size).toBe(3);
  });

  describe('whose outcome people are asked for', () => {
    const lost = (name: string) => start(name, [on('ship', `${name} a`, { hold: true })]);

    test.concurrent('were found to have happened', async () => {
      const run = await lost('found');
      const [question] = await run.approvals({ wait: '20 seconds' });
      expect(question).toMatchObject({
        title: 'Was ship done? Its outcome is unknown',
        approvers: ['clerk'],
        details: {
          tool: 'ship',
          arguments: { what: 'found a', hold: true },
          reason: 'the worker was lost, or the call took too long',
        },
      });
      await run.approve({ by: 'clerk', comment: 'parcel 12' });
      expect(await told(run)).toEqual([
        'It was done, as clerk found out: parcel 12. There is no other result.',
      ]);
      expect(server.effects('found')).toEqual(['ship']);
    });

    test.concurrent('were found not to have happened', async () => {
      const run = await lost('not found');
      await run.approvals({ wait: '20 seconds' });
      await run.reject({ by: 'clerk' });
      expect(await told(run)).toEqual(['Error: It was not done, as clerk found out.']);
    });

    test.concurrent('stay unknown where nobody answers in time', async () => {
      const run = await start('nobody', [on('shipQuick', 'nobody a', { cut: 1 })]);
      expect(await told(run)).toEqual([expect.stringMatching(UNKNOWN)]);
    });

    test.concurrent('are not undone where they did not happen', async () => {
      const trip = (name: string) =>
        baton.start<typeof workflows.trip>('trip', {
          errands: [errand(name, [on('ship', name, { hold: true })])],
          then: 'undo',
        });
      const [did, didNot] = await Promise.all([trip('did ship'), trip('did not')]);
      await Promise.all([did, didNot].map((run) => run.approvals({ wait: '20 seconds' })));
      await did.approve({ by: 'clerk' });
      await didNot.reject({ by: 'clerk' });
      await Promise.allSettled([did.result(), didNot.result()]);
      expect(server.effects('did ship')).toEqual(['ship', 'unship (unknown)']);
      expect(server.effects('did not')).toEqual(['ship']);
    });
  });

  describe('of a run that is reset', () => {
    const both = (name: string, args: object = {}) => [
      on('charge', `${name} a`, args),
      on('transfer', `${name} b`, args),
    ];

    test.concurrent('to after its calls happen once', async () => {
      const run = await start('after', both('after'), [on('transfer', 'after c')]);
      const first = await told(run);
      const next = await reset(
        baton,
        run,
        (event) => event.activityTaskCompletedEventAttributes?.result !== undefined,
      );
      expect(await told(next)).toEqual(first);
      expect(server.effects('after')).toEqual(['charge', 'transfer', 'transfer']);
    });

    test.concurrent(
      'to before its calls happen once, by the key or by the record of the run before',
      async () => {
        const run = await start('before', both('before'));
        const first = await told(run);
        const next = await reset(baton, run);
        expect(await told(next)).toEqual(first);
        expect(server.effects('before').sort()).toEqual(['charge', 'transfer']);
        expect(server.asked('before a')).toBe(1);
        expect(server.asked('before b')).toBe(2);
        // And again, from the run that was reset.
        const last = await reset(baton, next);
        expect(await told(last)).toEqual(first);
        expect(server.asked('before a')).toBe(1);
        expect(server.keys('before b').size).toBe(1);
      },
    );

    test.concurrent('happen once also where the run was continued as new before', async () => {
      const run = await baton.start<typeof workflows.callLater>(
        'callLater',
        errand('later', ...both('later').map((one) => [one])),
      );
      const first = await told(run);
      const newest = baton.run<string>(run.id);
      expect(await told(await reset(baton, newest))).toEqual(first);
      expect(server.effects('later').sort()).toEqual(['charge', 'transfer']);
      expect([server.asked('later a'), server.asked('later b')]).toEqual([1, 2]);
    });

    test.concurrent('are others where other calls are made in their place', async () => {
      const run = await start('other', both('other'));
      await told(run);
      instead.set('other', [[on('charge', 'other c'), on('transfer', 'other d')]]);
      await told(await reset(baton, run));
      expect(server.story('other').sort()).toEqual([
        'charge other a',
        'charge other c',
        'transfer other b',
        'transfer other d',
      ]);
      expect(server.keys('other').size).toBe(4);
    });

    test.concurrent(
      'while its calls are under way happen once; one that cannot be repeated is unknown',
      async () => {
        const run = await start('open', both('open', { hold: true }));
        await eventually(() => server.asked('open') === 2, 'both calls');
        await run.emit({ name: 'anything' });
        await eventually(
          async () => (await run.trace()).children.some(({ kind }) => kind === 'signal'),
          'the event',
        );
        const next = await reset(
          baton,
          run,
          (event) =>
            event.workflowExecutionSignaledEventAttributes !== null &&
            event.workflowExecutionSignaledEventAttributes !== undefined,
        );
        await eventually(() => server.asked('open b') === 2, 'the call that is made again');
        server.release('open b');
        expect(await told(next)).toEqual([
          expect.stringMatching(/Outcome unknown: it was begun before the run was reset\./),
          expect.stringContaining('receipt'),
        ]);
        expect(server.effects('open').sort()).toEqual(['charge', 'transfer']);
        expect(server.keys('open b').size).toBe(1);
        server.release('open a');
      },
    );

    test.concurrent('that had begun a call before, whose end it did not see, leaves it unknown', async () => {
      const run = await start('begun', [on('charge', 'begun a', { hold: true })]);
      await eventually(() => server.asked('begun') === 1, 'the call');
      const next = await reset(baton, run);
      expect(await told(next)).toEqual([expect.stringMatching(UNKNOWN)]);
      expect(server.asked('begun')).toBe(1);
      server.release('begun a');
    });
  });
});
