import type { Reply, ScriptEntry } from '../../src/testing/index.js';
import type { Recording } from './recording.js';

/** What an agent whose instructions begin so answers, in order. */
function says(instructions: string, ...replies: Reply[]): ScriptEntry[] {
  return replies.map((reply) => ({
    when: ({ messages: [system] }) => String(system?.content).startsWith(instructions),
    reply,
  }));
}

const DOWN: Reply = { status: 401 };
const HANG: Reply = { hang: true };

const verdict = (accepted: boolean) => ({ json: { accepted, feedback: accepted ? '' : 'too short' } });
const ballot = (choice: string) => ({ json: { choice, reason: `${choice}, of course` } });
const scores = {
  json: {
    scores: [
      { label: 'A', score: 7, reason: 'good' },
      { label: 'B', score: 4, reason: 'less so' },
    ],
  },
};
const turn = (next: string | null) => ({
  json: { reason: 'so', finished: next === null, next, ask: null },
});
const conflict = (topic: string) => ({
  topic,
  claims: [
    { by: 'A', claim: 'this' },
    { by: 'B', claim: 'that' },
  ],
});
const task = (id: string, worker: string, ...needs: string[]) => ({ id, worker, task: `do ${id}`, needs });

export const PATTERN_RECORDINGS: Recording[] = [
  {
    name: 'parallel-and-batches',
    script: [
      ...says('You are the reader.', 'quick', 'instead', '1', '2', '3'),
      ...says('You are the writer.', HANG, HANG),
      ...says('You are the scribe.', DOWN),
    ],
    start: (baton) => baton.start('fanOut', 'hello'),
    also: (id) => ({ 'a-batch': `${id}/items-0.1` }),
  },
  {
    name: 'route-and-cascade',
    script: [
      ...says(
        'You are the sorter.',
        { json: { label: 'story', confidence: 0.5 } },
        { json: { label: 'report', confidence: 0.6 } },
      ),
      ...says('You are the reader.', 'by route', DOWN, 'short'),
      ...says('You are the scribe.', 'in French', 'long'),
      ...says('You are the critic.', verdict(false), verdict(true)),
    ],
    start: (baton) => baton.start('choose', 'hello'),
    async meanwhile(run) {
      await run.approvals({ wait: '1 minute' });
      await run.approve({ by: 'lead', choice: 'report' });
    },
  },
  {
    name: 'vote-and-reconcile',
    script: [
      ...says('You are the voter.', ballot('yes'), ballot('no'), ballot('yes'), ballot('no'), ballot('yes')),
      ...says('You are the reader.', 'this'),
      ...says('You are the scribe.', 'that'),
      ...says('You are given a question and several', {
        json: { agreed: [], conflicts: [conflict('what'), conflict('who')] },
      }),
      ...says('You are the referee.', {
        json: {
          decisions: [
            { conflict: 1, reasons: 'it is plain', claim: 'A' },
            { conflict: 2, reasons: 'it is not plain', claim: null },
          ],
        },
      }),
    ],
    start: (baton) => baton.start('settle', 'hello'),
    async meanwhile(run) {
      const [question] = await run.approvals({ wait: '1 minute' });
      await run.approve({ by: 'lead', choice: question?.options?.[0] });
    },
  },
  {
    name: 'best-of-and-refine',
    script: [
      ...says('You are the reader.', 'one'),
      ...says('You are the scribe.', 'other'),
      ...says('You are the judge.', scores),
      ...says('You are the writer.', 'short', 'long'),
      ...says('You are the critic.', verdict(false), verdict(true)),
    ],
    start: (baton) => baton.start('improve', 'hello'),
  },
  {
    name: 'group-chat-and-debate',
    script: [
      ...says('You lead a conversation', turn('scribe'), turn('reader'), turn(null)),
      ...says('You are the reader.', 'first', 'for'),
      ...says('You are the scribe.', 'second', 'against'),
      ...says('You are the judge.', scores),
    ],
    start: (baton) => baton.start('discuss', 'hello'),
  },
  {
    name: 'a-plan',
    script: [
      ...says('You are given a goal, and the workers', {
        json: { tasks: [task('facts', 'reader'), task('text', 'reader', 'facts')] },
      }),
      ...says('You are the reader.', 'few', 'many'),
      ...says('You are the writer.', 'a text', 'a better text'),
      ...says(
        'You are given a goal, the tasks of a plan',
        { json: { problems: [{ id: 'facts', why: 'too few' }], missing: [] } },
        { json: { problems: [], missing: [] } },
      ),
      ...says('You are given a goal and the results', 'done'),
    ],
    start: (baton) => baton.start('achieve', 'a text'),
    async meanwhile(run) {
      await run.approvals({ wait: '1 minute' });
      const tasks = [task('facts', 'reader'), task('text', 'editor', 'facts'), task('when', 'clock')];
      await run.approve({ by: 'lead', edits: { tasks } });
    },
    also: (id) => ({ 'a-worker-of-a-plan': `${id}/plan/facts/reader.2` }),
  },
  {
    name: 'hand-offs-there-and-back',
    script: [
      ...says(
        'You are triage.',
        { calls: [{ tool: 'helper', args: { input: 'look it up' } }] },
        { calls: [{ tool: 'transfer_to_billing', args: { message: 'about money' } }] },
        { calls: [{ tool: 'transfer_to_specialist', args: { message: 'about more' } }] },
      ),
      ...says('You are the helper.', { calls: [{ tool: 'lookup', args: { word: 'a' } }] }, 'looked up'),
      ...says('You are billing.', { calls: [{ tool: 'transfer_to_triage', args: { message: 'not mine' } }] }),
      ...says('You are given a conversation', 'in short'),
      ...says('You are the specialist.', 'that is it'),
    ],
    start: (baton) => baton.start('answer', 'hello'),
    also: (id) => ({ 'an-agent-as-tool-in-a-child': `${id}/triage.1/helper.1` }),
  },
  {
    name: 'events',
    script: [],
    start: (baton) => baton.start('order', '42'),
    async meanwhile(run) {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await run.emit({ name: 'order.placed', id: 'placed-41', key: '41', data: 'other' });
      await run.emit({ name: 'order.placed', id: 'placed-42', key: '42', data: 'this' });
    },
    also: () => ({ 'a-run-begun-by-an-event': 'packing/42' }),
  },
  {
    name: 'a-session',
    script: [
      ...says(
        'You are the helper.',
        { calls: [{ tool: 'lookup', args: { word: 'a' } }] },
        'one',
        'two',
        'three',
      ),
    ],
    async start(baton) {
      const chat = baton.session('helper', {
        id: 'chat',
        context: { ticket: 42 },
        messagesPerRun: 2,
        budget: { usd: 1 },
      });
      await chat.send('first', { id: '1' });
      await chat.run.emit({ name: 'unread', id: 'unread-1' });
      await chat.send('second', { id: '2' });
      await chat.send('first', { id: '1' });
      await chat.send('third', { id: '3' });
      await chat.close();
      return chat.run;
    },
  },
  {
    name: 'the-built-in-agent',
    script: says('You are the helper.', 'helped'),
    start: (baton) =>
      baton.start('agent', { agent: 'helper', input: 'hello', context: { note: 'short' }, model: 'large' }),
  },
  {
    name: 'the-built-in-best-of',
    script: [...says('You are the reader.', 'one', 'other'), ...says('You are the judge.', scores)],
    start: (baton) =>
      baton.start('bestOf', { agents: ['reader'], tries: 2, input: 'hello', rubric: 'Short.' }),
  },
  {
    name: 'the-built-in-debate',
    script: [...says('You take part in a debate.', 'for', 'against'), ...says('You are the judge.', scores)],
    start: (baton) => baton.start('debate', { topic: 'tea', rounds: 1 }),
  },
];
