import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { renderTrace } from '../../src/cli/render-trace.js';
import { errand } from '../support/caller-script.js';
import { cli } from '../support/cli.js';
import { failureOf, on, openEffectStage } from '../support/effect-stage.js';
import { testServer } from '../support/server.js';
import { outcomeOf } from '../support/stage.js';
import { eventually } from '../support/worker-stage.js';
import type * as workflows from './fixtures/effect-workflows.js';

const notes: string[] = [];
const note = (text: string) => {
  if (text.endsWith('fail')) throw ApplicationFailure.nonRetryable('it fails', 'Fails');
  notes.push(text);
  return Promise.resolve(text);
};
const { stage, server, close } = await openEffectStage({ note });

const trip = (plan: workflows.Trip) => stage.baton.start<typeof workflows.trip>('trip', plan);

describe('a saga', () => {
  afterAll(close);

  test.concurrent('that does what it was for undoes nothing', async () => {
    const run = await trip({ errands: [errand('fine', [on('book', 'fine a')])] });
    expect(await run.result()).toBe('went');
    expect(server.effects('fine')).toEqual(['book']);
  });

  test.concurrent(
    'that fails undoes its calls, the last first, each with its result, and fails as it did',
    async () => {
      const run = await trip({
        errands: [
          errand('order', [on('book', 'order a')], [on('charge', 'order b'), on('rent', 'order c')]),
          errand('order', [on('book', 'order d'), on('book', 'order e', { refuse: 1 })]),
        ],
        then: 'fail',
      });
      expect(await outcomeOf(run)).toMatchObject({ code: 'NoRoom', message: 'no room' });
      expect(server.story('order').slice(-3)).toEqual([
        'unbook (receipt number) order d',
        'unrent (receipt number) order c',
        'unbook (receipt number) order a',
      ]);
      // The charge cannot be undone, and the one that was refused was not done.
      expect(server.effects('order')).toHaveLength(7);
    },
  );

  test.concurrent('undoes what branches did at once in the reverse order of their ends', async () => {
    const run = await trip({
      together: [
        errand('both', [on('book', 'both a', { hold: true })]),
        errand('both', [on('book', 'both b', { hold: true })]),
      ],
      then: 'undo',
    });
    await eventually(() => server.asked('both') === 2, 'both calls');
    server.release('both b');
    await eventually(
      async () => (await run.trace()).children.some((span) => JSON.stringify(span).includes('"receipt"')),
      'the end of the second',
    );
    server.release('both a');
    expect(await outcomeOf(run)).toMatchObject({ code: 'Undone', message: 'no room' });
    expect(server.story('both').slice(2)).toEqual([
      'unbook (receipt number) both a',
      'unbook (receipt number) both b',
    ]);
  });

  test.concurrent('cancels what goes on first, waits for it, and undoes it too', async () => {
    const run = await stage.baton.start<typeof workflows.halfTrip>('halfTrip', {
      works: errand('half', [on('book', 'half a', { hold: true })]),
      fails: errand('half', [on('book', 'half b')]),
    });
    await eventually(() => server.asked('half') === 2, 'both calls');
    await run.emit({ name: 'fail' });
    expect(await outcomeOf(run)).toMatchObject({ code: 'NoRoom' });
    expect(server.story('half').slice(2)).toEqual([
      'unbook (unknown) half a',
      'unbook (receipt number) half b',
    ]);
    server.release('half a');
  });

  test.concurrent('undoes what it has done where the run is cancelled', async () => {
    const run = await trip({ errands: [errand('cancel', [on('book', 'cancel a')])], then: 'ask' });
    await run.approvals({ wait: '20 seconds' });
    await run.cancel();
    expect(await failureOf(run)).toBeInstanceOf(CancelledFailure);
    expect(server.effects('cancel')).toEqual(['book', 'unbook (receipt number)']);
  });

  test.concurrent('undoes a call that was under way, whose outcome nobody knows', async () => {
    const run = await trip({ errands: [errand('under way', [on('rent', 'under way a', { hold: true })])] });
    await eventually(() => server.asked('under way') === 1, 'the call');
    await run.cancel();
    expect(await failureOf(run)).toBeInstanceOf(CancelledFailure);
    expect(server.effects('under way')).toEqual(['rent', 'unrent (unknown)']);
    server.release('under way a');
  });

  test.concurrent(
    'voids the key of a call that comes late, so that it has no effect after it was undone',
    async () => {
      const run = await trip({ errands: [errand('late', [on('rent', 'late a', { gate: true })])] });
      await eventually(() => server.asked('gate late') === 1, 'the gate');
      await run.cancel();
      await failureOf(run);
      server.release('late a');
      await eventually(() => server.asked('late') === 2, 'the late request');
      expect(server.effects('late')).toEqual(['unrent (unknown)']);
    },
  );

  test.concurrent('is told to undo while it waits for people', async () => {
    const run = await trip({ errands: [errand('told', [on('book', 'told a')])], then: 'ask' });
    await run.approvals({ wait: '20 seconds' });
    await run.undo('the customer has called');
    expect(await outcomeOf(run)).toMatchObject({
      code: 'Undone',
      message: 'the customer has called',
      details: { reason: 'the customer has called', undone: ['book · "told a"'] },
    });
    expect(server.effects('told')).toEqual(['book', 'unbook (receipt number)']);
    const trace = await run.trace();
    const text = renderTrace(trace, { now: Date.now() });
    expect(text).toMatch(/✓ undo book · "told a"/);
    expect(text).toMatch(/undo "the customer has called"/);
    expect(text).toMatch(/Undone: the customer has called/);
  });

  test.concurrent('is told to undo from the command line', async () => {
    const run = await trip({ errands: [errand('cli', [on('book', 'cli a')])], then: 'ask' });
    await run.approvals({ wait: '20 seconds' });
    const { address } = await testServer();
    const undo = (...flags: string[]) => cli(['undo', run.id, ...flags, '--address', address]);
    expect(await undo('--reason', 'too dear')).toMatchObject({ code: 0, out: `asked to undo: ${run.id}\n` });
    expect(await outcomeOf(run)).toMatchObject({ code: 'Undone', message: 'too dear' });
    expect(server.effects('cli')).toEqual(['book', 'unbook (receipt number)']);
    expect(await undo()).toMatchObject({ code: 1, err: expect.stringMatching(/^RunEnded: [^]*Try: /) });
  });

  test.concurrent('may be caught, and the run goes on', async () => {
    const run = await stage.baton.start<typeof workflows.tripOrNone>('tripOrNone', {
      errands: [errand('caught', [on('book', 'caught a')])],
      then: 'undo',
    });
    expect(await run.result()).toBe('not: Undone');
    expect(server.effects('caught')).toEqual(['book', 'unbook (receipt number)']);
  });

  test.concurrent('that cannot undo a call undoes the others, and names it', async () => {
    const run = await trip({
      errands: [
        errand(
          'left',
          [on('book', 'left a')],
          [on('rent', 'left b', { refuseUndo: 5 })],
          [on('book', 'left c')],
        ),
      ],
      then: 'fail',
    });
    expect(await outcomeOf(run)).toMatchObject({
      code: 'CompensationFailed',
      message: 'could not be undone: rent · "left b" (Error: no left b now); after NoRoom: no room',
      details: {
        notUndone: [{ title: 'rent · "left b"', tool: 'rent', args: { what: 'left b' } }],
        undone: ['book · "left c"', 'book · "left a"'],
        cause: { code: 'NoRoom', message: 'no room' },
      },
    });
    expect(server.story('left').slice(3)).toEqual([
      'unbook (receipt number) left c',
      'unbook (receipt number) left a',
    ]);
    // It has two attempts.
    expect(
      server.requests.filter(({ action, what }) => what === 'left b' && action.startsWith('un')),
    ).toHaveLength(2);
  });

  test.concurrent('tries again to undo what is refused at first, with the same key', async () => {
    const run = await trip({
      errands: [errand('again', [on('rent', 'again a', { refuseUndo: 1 })])],
      then: 'fail',
    });
    expect(await outcomeOf(run)).toMatchObject({ code: 'NoRoom' });
    expect(server.effects('again')).toEqual(['rent', 'unrent (receipt number)']);
    const undos = server.requests.filter(({ action, what }) => what === 'again a' && action.startsWith('un'));
    expect(undos).toHaveLength(2);
    expect(new Set(undos.map(({ key }) => key)).size).toBe(1);
    expect(server.keys('again').size).toBe(2);
  });

  test.concurrent('undoes steps of the orchestration itself in their place', async () => {
    const run = await stage.baton.start<typeof workflows.ownTrip>('ownTrip', {
      name: 'own',
      errand: errand('own', [on('book', 'own a')]),
    });
    expect((await failureOf(run))?.cause).toMatchObject({ type: 'Fails' });
    expect(server.effects('own')).toEqual(['book', 'unbook (receipt number)']);
    expect(notes).toEqual(['own first', 'undo own first']);
  });

  test.concurrent('that is told to undo before it begins does nothing', async () => {
    const id = 'told before';
    await stage.baton.client.workflow.signalWithStart('trip', {
      workflowId: id,
      taskQueue: stage.baton.taskQueue,
      args: [{ errands: [errand('before', [on('book', 'before a')])] } satisfies workflows.Trip],
      signal: 'baton_undo',
      signalArgs: [null],
    });
    expect(await outcomeOf(stage.baton.run(id))).toMatchObject({
      code: 'Undone',
      message: 'no reason was given',
    });
    expect(server.effects('before')).toEqual([]);
  });

  test.concurrent('takes no harm from signals that are none of its own', async () => {
    const run = await trip({ errands: [errand('odd', [on('book', 'odd a')])], then: 'ask' });
    await run.approvals({ wait: '20 seconds' });
    const handle = stage.baton.client.workflow.getHandle(run.id);
    for (const odd of [
      null,
      7,
      'text',
      {},
      { saga: 99, id: 'x', outcome: 'none' },
      { saga: 1, id: 'x' },
      { saga: 1, id: 'x', effect: 5 },
    ])
      await handle.signal('baton_effect', odd);
    await run.approve();
    expect(await run.result()).toBe('went');
  });
});
