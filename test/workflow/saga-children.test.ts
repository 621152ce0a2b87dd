import { CancelledFailure } from '@temporalio/common';
import { errand } from '../support/caller-script.js';
import { failureOf, on, openEffectStage } from '../support/effect-stage.js';
import { outcomeOf } from '../support/stage.js';
import { eventually } from '../support/worker-stage.js';
import type * as workflows from './fixtures/effect-workflows.js';

const { stage, server, close } = await openEffectStage();

const trip = (plan: workflows.Trip) => stage.baton.start<typeof workflows.trip>('trip', plan);

describe('a saga over several agents and runs', () => {
  afterAll(close);

  test.concurrent(
    'undoes what agents of agents did, and agents that were handed the conversation',
    async () => {
      const inner = (who: string, name: string) => ({
        when: (r: { messages: { content?: unknown }[] }) =>
          r.messages[0]?.content === `You are the ${who}.` && r.messages.length === 2,
        reply: { calls: [{ tool: 'caller', args: { input: errand(name, [on('book', name)]) } }] },
      });
      stage.model.script(
        inner('desk', 'deep desk'),
        inner('office', 'deep office'),
        { when: /You are the (desk|office)/, times: 2, reply: 'done' },
        { when: 'You are the front.', reply: { calls: [{ tool: 'transfer_to_caller' }] } },
      );
      const run = await trip({
        through: [
          { agent: 'desk', input: 'go' },
          { agent: 'front', input: errand('deep front', [on('book', 'deep front')]) },
          { agent: 'office', input: 'go' },
        ],
        then: 'fail',
      });
      expect(await outcomeOf(run)).toMatchObject({ code: 'NoRoom' });
      expect(server.story('deep')).toEqual([
        'book deep desk',
        'book deep front',
        'book deep office',
        'unbook (receipt number) deep office',
        'unbook (receipt number) deep front',
        'unbook (receipt number) deep desk',
      ]);
    },
  );

  test.concurrent('undoes what children did', async () => {
    const run = await trip({
      errands: [errand('offspring', [on('book', 'offspring a')])],
      children: [errand('offspring', [on('book', 'offspring b'), on('book', 'offspring c', { refuse: 1 })])],
      then: 'fail',
    });
    expect(await outcomeOf(run)).toMatchObject({ code: 'NoRoom' });
    expect(server.story('offspring')).toEqual([
      'book offspring a',
      'book offspring b',
      'unbook (receipt number) offspring b',
      'unbook (receipt number) offspring a',
    ]);
    // That the child told of it is no step of the run.
    expect(JSON.stringify(await run.trace())).not.toContain('baton_effect');
  });

  test.concurrent(
    'undoes what a child was doing when the run was cancelled, and what it had done',
    async () => {
      const run = await trip({
        children: [errand('child', [on('book', 'child a')], [on('book', 'child b', { hold: true })])],
      });
      await eventually(() => server.asked('child b') === 1, 'the second call');
      await run.cancel();
      expect(await failureOf(run)).toBeInstanceOf(CancelledFailure);
      expect(server.story('child').slice(2)).toEqual([
        'unbook (unknown) child b',
        'unbook (receipt number) child a',
      ]);
      server.release('child b');
    },
  );

  test.concurrent('undoes what a child did that ended without a word', async () => {
    const run = await stage.baton.start<typeof workflows.tripWithLostChild>(
      'tripWithLostChild',
      errand('lost', [on('book', 'lost a')], [on('book', 'lost b', { hold: true })]),
    );
    expect(await outcomeOf(run)).toMatchObject({ code: 'Undone', message: 'TimedOut' });
    expect(server.story('lost').slice(2)).toEqual([
      'unbook (unknown) lost b',
      'unbook (receipt number) lost a',
    ]);
    server.release('lost b');
  });

  test.concurrent('in a child of a saga: the outer one undoes what the inner one has not', async () => {
    const run = await stage.baton.start<typeof workflows.tripInChild>('tripInChild', {
      inner: { errands: [errand('inner', [on('book', 'inner a')])] },
      outer: { errands: [errand('inner', [on('book', 'inner b')])] },
    });
    expect(await outcomeOf(run)).toMatchObject({ code: 'Undone' });
    expect(server.story('inner').slice(2)).toEqual([
      'unbook (receipt number) inner b',
      'unbook (receipt number) inner a',
    ]);
    const failing = await stage.baton.start<typeof workflows.tripInChild>('tripInChild', {
      inner: { errands: [errand('once', [on('rent', 'once a')])], then: 'fail' },
      outer: {},
    });
    expect(await outcomeOf(failing)).toMatchObject({ code: 'Undone' });
    expect(server.effects('once')).toEqual(['rent', 'unrent (receipt number)']);
  });

  test.concurrent("within a saga: what the inner one did is the outer one's to undo, once", async () => {
    const start = (inner: workflows.Trip, outer: workflows.Trip) =>
      stage.baton.start<typeof workflows.tripInTrip>('tripInTrip', { inner, outer });
    const both = await start(
      { errands: [errand('nested', [on('rent', 'nested b')])] },
      { errands: [errand('nested', [on('rent', 'nested a')])] },
    );
    expect(await outcomeOf(both)).toMatchObject({ code: 'Undone', message: 'the inner one went' });
    expect(server.story('nested').slice(2)).toEqual([
      'unrent (receipt number) nested b',
      'unrent (receipt number) nested a',
    ]);
    const failing = await start(
      { errands: [errand('apart', [on('rent', 'apart b')])], then: 'fail' },
      { errands: [errand('apart', [on('rent', 'apart a')])] },
    );
    expect(await outcomeOf(failing)).toMatchObject({ message: 'the inner one failed' });
    expect(server.story('apart').slice(2)).toEqual([
      'unrent (receipt number) apart b',
      'unrent (receipt number) apart a',
    ]);
  });

  test.concurrent('goes on where the run is continued as new', async () => {
    const run = await stage.baton.start<typeof workflows.longTrip>('longTrip', {
      first: errand('long', [on('rent', 'long a')]),
      second: errand('long', [on('rent', 'long b')]),
    });
    expect(await outcomeOf(run)).toMatchObject({ code: 'Undone' });
    expect(server.story('long').slice(2)).toEqual([
      'unrent (receipt number) long b',
      'unrent (receipt number) long a',
    ]);
  });

  test.concurrent('undoes in the next run what a child was doing that ended without a word', async () => {
    const run = await stage.baton.start<typeof workflows.longTripWithLostChild>(
      'longTripWithLostChild',
      errand('gone', [on('book', 'gone a', { hold: true })]),
    );
    expect(await outcomeOf(run)).toMatchObject({ code: 'Undone', message: 'no room' });
    expect(server.story('gone')).toEqual(['book gone a', 'unbook (unknown) gone a']);
    server.release('gone a');
  });

  test.concurrent('undoes in the next run what a saga within it had done', async () => {
    const run = await stage.baton.start<typeof workflows.longTripInTrip>('longTripInTrip', {
      outer: errand('layers', [on('book', 'layers a')]),
      inner: errand('layers', [on('book', 'layers b')]),
    });
    expect(await outcomeOf(run)).toMatchObject({ code: 'Undone', message: 'no room' });
    expect(server.story('layers').slice(2)).toEqual([
      'unbook (receipt number) layers b',
      'unbook (receipt number) layers a',
    ]);
  });

  test.concurrent.each([
    ['before it has begun', 'early', false, []],
    ['within it', 'amid', true, ['book', 'unbook (receipt number)']],
  ] as const)(
    'that is told to undo before its run is continued as new undoes in the next one: %s',
    async (_when, name, within, effects) => {
      const run = await stage.baton.start<typeof workflows.lateTrip>('lateTrip', {
        errand: errand(name, [on('book', `${name} a`)]),
        within,
      });
      if (within) await eventually(() => server.asked(name) === 1, 'the call');
      await run.undo('the customer has called');
      await run.emit({ name: 'go on' });
      expect(await outcomeOf(run)).toMatchObject({ code: 'Undone', message: 'the customer has called' });
      expect(server.effects(name)).toEqual(effects);
    },
  );
});
