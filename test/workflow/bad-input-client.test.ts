import { setTimeout as delay } from 'node:timers/promises';
import { renderFailure } from '../../src/cli/render-failure.js';
import type { Baton, Run, RunOf } from '../../src/client.js';
import { DECIDE_UPDATE, EVENT_SIGNAL, SEND_UPDATE, SPENT_SIGNAL } from '../../src/agents/names.js';
import { openStage } from '../support/stage.js';
import * as agents from './fixtures/bad-input-agents.js';
import type * as workflows from './fixtures/bad-input-workflows.js';

const stage = openStage(
  agents,
  (model) => model.models('small'),
  new URL('./fixtures/bad-input-workflows.ts', import.meta.url),
);

type Row = [what: string, code: string, says: RegExp, go: (baton: Baton, run: Run) => Promise<unknown>];

const never = (baton: Baton, input: unknown, options: object = {}) =>
  baton.start('noted', input as never, { id: 'never', ...options });
const circle: Record<string, unknown> = {};
circle.round = circle;

const STARTS: Row[] = [
  ['a negative budget', 'InputInvalid', /budget\.usd/, (b) => never(b, 1, { budget: { usd: -1 } })],
  ['a budget that is no number', 'InputInvalid', /budget\.usd/, (b) => never(b, 1, { budget: { usd: '1' } })],
  ['a budget in another currency', 'InputInvalid', /"eur"/, (b) => never(b, 1, { budget: { eur: 1 } })],
  [
    'a soft limit over the hard',
    'InputInvalid',
    /soft/,
    (b) => never(b, 1, { budget: { usd: 1, soft: { usd: 2 } } }),
  ],
  ['an empty tenant', 'InputInvalid', /tenant/, (b) => never(b, 1, { tenant: '' })],
  ['a tenant without end', 'InputInvalid', /tenant/, (b) => never(b, 1, { tenant: 'x'.repeat(201) })],
  ['tags that are no list', 'InputInvalid', /tags/, (b) => never(b, 1, { tags: 'a' })],
  ['too many tags', 'InputInvalid', /tags/, (b) => never(b, 1, { tags: Array.from({ length: 21 }, String) })],
  ['an empty tag', 'InputInvalid', /tags\[0\]/, (b) => never(b, 1, { tags: [''] })],
  ['a priority that there is not', 'InputInvalid', /priority/, (b) => never(b, 1, { priority: 9 })],
  ['a priority of another word', 'InputInvalid', /priority/, (b) => never(b, 1, { priority: 'urgent' })],
  ['a mistyped option', 'InputInvalid', /"budgt"/, (b) => never(b, 1, { budgt: { usd: 1 } })],
  ['an empty id', 'InputInvalid', /→ at id/, (b) => never(b, 1, { id: '' })],
  [
    'an id that Temporal does not take',
    'InputInvalid',
    /→ at id/,
    (b) => never(b, 1, { id: 'x'.repeat(1001) }),
  ],
  ['an empty task queue', 'InputInvalid', /taskQueue/, (b) => never(b, 1, { taskQueue: '' })],
  [
    'an orchestration without a name',
    'InputInvalid',
    /orchestration/,
    (b) => b.start('', 1, { id: 'never' }),
  ],
  [
    'no orchestration',
    'InputInvalid',
    /a function, or its name/,
    (b) => b.start(undefined as never, 1, { id: 'never' }),
  ],
  ['an input that is a function', 'InputInvalid', /not JSON: it is a function/, (b) => never(b, () => 1)],
  ['an input with a big integer', 'InputInvalid', /not JSON: .*BigInt/, (b) => never(b, { n: 1n })],
  ['an input that goes round', 'InputInvalid', /not JSON: .*circular/, (b) => never(b, circle)],
  [
    'a session with a mistyped budget',
    'InputInvalid',
    /"eur"/,
    async (b) => b.session('talker', { id: 'never', budget: { eur: 1 } as never }),
  ],
  ['an event without a name', 'EventInvalid', /name/, (b) => b.emit({ name: '' })],
  [
    'an event with an id without end',
    'EventInvalid',
    /id/,
    (b) => b.emit({ id: 'x'.repeat(201), name: 'order' }),
  ],
  [
    'an event that is too large',
    'EventInvalid',
    /more than 256000/,
    (b) => b.emit({ name: 'order', data: 'x'.repeat(256_001) }),
  ],
  [
    'an event that is no JSON',
    'EventInvalid',
    /data/,
    (b) => b.emit({ name: 'order', data: (() => 1) as never }),
  ],
  [
    'an event that does not fit its subscription',
    'EventInvalid',
    /number/,
    (b) => b.emit({ id: 'odd', name: 'order', data: { number: 'one' } }),
  ],
  [
    'an event to a run that is not there',
    'RunNotFound',
    /never/,
    (b) => b.emit({ name: 'order', to: 'never' }),
  ],
  ['a message to a session that is not there', 'RunNotFound', /never/, (b) => b.run('never').send('hello')],
  ['an approval of a run that is not there', 'RunNotFound', /never/, (b) => b.run('never').approve()],
  ['the result of a run that is not there', 'RunNotFound', /never/, (b) => b.run('never').result()],
  ['the trace of a run that is not there', 'RunNotFound', /never/, (b) => b.run('never').trace()],
  ['cancelling a run that is not there', 'RunNotFound', /never/, (b) => b.run('never').cancel()],
];

const handle = (baton: Baton, run: Run) => baton.client.workflow.getHandle(run.id);

/** Answers to a waiting approval, and messages to a run that has no session. */
const ANSWERS: Row[] = [
  [
    'somebody who may not',
    'ApprovalInvalid',
    /for lead, not for guest/,
    (_, run) => run.approve({ by: 'guest' }),
  ],
  ['nobody in particular', 'ApprovalInvalid', /without "by"/, (_, run) => run.approve()],
  [
    'a choice that there is not',
    'ApprovalInvalid',
    /not among the options: left, right/,
    (_, run) => run.approve({ by: 'lead', choice: 'up' }),
  ],
  [
    'an approval that there is not',
    'ApprovalInvalid',
    /approval/,
    (_, run) => run.approve({ id: '99', by: 'lead' }),
  ],
  ['the number of nothing', 'ApprovalInvalid', /approval/, (_, run) => run.reject({ id: 'x', by: 'lead' })],
  ['a name that is a number', 'ApprovalInvalid', /by/, (_, run) => run.approve({ by: 5 as never })],
  [
    'edits that are no JSON',
    'ApprovalInvalid',
    /edits/,
    (_, run) => run.approve({ by: 'lead', edits: (() => 1) as never }),
  ],
  [
    'a message where no session is',
    'SessionClosed',
    /has no session/,
    (_, run) => run.send('hello', { timeout: '20 seconds' }),
  ],
];

/** The same as it may come from any other program: by Update. */
const UPDATES: [string, unknown][] = [
  ['nothing', null],
  ['a text', 'yes'],
  ['a list', ['lead']],
  ['an approval by a word', { approved: 'yes', by: 'lead' }],
  ['an id that is an object', { id: {}, by: 'lead' }],
  ['a negative number', { id: -1, by: 'lead' }],
];

/** And by Signal, which nobody can refuse. */
const SIGNALS: [string, string, unknown[]][] = [
  ['an answer that is a text', 'approve', ['yes please']],
  ['an answer without anything', 'approve', []],
  ['an answer by somebody else', 'approve', [{ approved: true, by: 'guest' }]],
  ['no event', EVENT_SIGNAL, [null]],
  ['an event without an id', EVENT_SIGNAL, [{ name: 'go', data: 1 }]],
  ['an event with a name that is a number', EVENT_SIGNAL, [{ id: 'a', name: 5, data: 1 }]],
  ['an event with an id without end', EVENT_SIGNAL, [{ id: 'x'.repeat(5000), name: 'go', data: 1 }]],
  ['spending of no child', SPENT_SIGNAL, [{ usd: 1 }]],
  ['a signal that nobody knows', 'no_such_signal', [1]],
];

/** Code, and what a terminal shows of a failure: it always says what to try. */
function shown(error: unknown): { code: unknown; text: string } {
  const text = renderFailure(error, { write: () => undefined, columns: 1000 });
  expect(text).toMatch(/\n {2}Try: \S/);
  return { code: (error as { code?: unknown }).code, text };
}

async function failureOf(going: () => Promise<unknown>): Promise<{ code: unknown; text: string }> {
  try {
    await going();
  } catch (error) {
    return shown(error);
  }
  throw new Error('nothing failed');
}

describe('what comes in wrong', () => {
  let run: RunOf<typeof workflows.waits>;
  let before: number;

  beforeAll(async () => {
    const { baton } = await stage;
    run = await baton.start<typeof workflows.waits>('waits', undefined as never);
    expect(await run.approvals({ wait: '30 seconds' })).toHaveLength(1);
    before = await count();
  });
  afterAll(async () => (await stage).close());

  async function count(): Promise<number> {
    const { client, taskQueue } = (await stage).baton;
    // Deliveries are runs of their own, which say what became of the event.
    const query = `TaskQueue = "${taskQueue}" AND WorkflowType != "baton_emit"`;
    return (await client.workflow.count(query)).count;
  }

  test.each([...STARTS, ...ANSWERS])('%s is refused as %s', async (_, code, says, go) => {
    const failure = await failureOf(async () => go((await stage).baton, run));
    expect(failure).toMatchObject({ code, text: expect.stringMatching(says) });
  });

  test.each(UPDATES)('an answer by update that is %s is refused', async (_, answer) => {
    const { baton } = await stage;
    const update = handle(baton, run).executeUpdate(DECIDE_UPDATE, { args: [answer] });
    await expect(update).rejects.toMatchObject({ cause: { type: 'ApprovalInvalid' } });
  });

  test.each(SIGNALS)('%s changes nothing', async (_, signal, args) => {
    const { baton } = await stage;
    await handle(baton, run).signal(signal, ...args);
    // The run's code has seen it.
    expect(await run.approvals()).toHaveLength(1);
  });

  test('a message to a session without an id is refused', async () => {
    const { baton, model } = await stage;
    model.script({ when: 'fine;', reply: 'fine too' });
    const session = baton.session<typeof agents.talker>('talker', { id: `s-${run.id}` });
    expect(await session.send('fine;')).toBe('fine too');
    for (const args of [[], [null], [{ id: '', message: 'a' }], [{ id: 'a' }], [{ message: 'a' }]] as [
      unknown,
    ][]) {
      const update = baton.client.workflow.getHandle(session.id).executeUpdate(SEND_UPDATE, { args });
      await expect(update).rejects.toMatchObject({ cause: { type: 'MessageInvalid' } });
    }
    await expect(session.send(5 as never)).rejects.toMatchObject({ code: 'InputInvalid' });
    expect(model.requests).toHaveLength(1);
    await session.close();
  });

  test('nothing was started, answered or lost by all that', async () => {
    const { baton } = await stage;
    await delay(1_000); // What is seen of runs comes a moment after them.
    // The session is there, which was asked for.
    expect(await count()).toBe(before + 1);
    await run.approve({ by: 'lead', choice: 'left' });
    await run.emit({ id: 'x', name: 'go', data: 'went' });
    expect(await run.result()).toMatchObject({ decision: { approved: true, choice: 'left' }, event: 'went' });
    await expect(baton.client.workflow.getHandle('never').describe()).rejects.toThrow(/not found/);
  });
});
