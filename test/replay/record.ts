/**
 * Records the histories that the replay test replays, from real runs: `npm run record-histories`. A history is recorded once and
 * kept: a change of the workflow code that no longer replays it needs `patched()`, not a new recording. Existing files stay.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { startScriptedModel, startTestServer } from '../../src/testing/index.js';
import * as agents from './agents.js';
import * as patternAgents from './pattern-agents.js';
import { PATTERN_RECORDINGS } from './pattern-recordings.js';
import type { Recording } from './recording.js';

const paid = { reply: { json: { usd: 5 } }, times: Infinity };

const RECORDINGS: Recording[] = [
  {
    name: 'tools-repair-and-a-continued-transcript',
    script: [
      {
        when: (r) => r.messages.length === 2,
        reply: { calls: [{ tool: 'lookup', args: { word: 'a' } }, { tool: 'nothing' }] },
      },
      { when: (r) => r.messages.length === 5, reply: 'not JSON' },
      paid,
    ],
    start: (baton) => baton.start('converse', 'hello'),
  },
  {
    name: 'parallel-branches-and-an-approval',
    script: [paid],
    start: (baton) => baton.start('decide', 'hello'),
    async meanwhile(run) {
      await run.approvals({ wait: '10 seconds' });
      await run.approve({ by: 'lead' });
    },
  },
  { name: 'children', script: [paid], start: (baton) => baton.start('delegate', ['one', 'two']) },
  {
    name: 'children-under-a-budget',
    script: [paid],
    start: (baton) => baton.start('delegate', ['one'], { budget: { usd: 1 } }),
  },
  { name: 'an-expired-approval', script: [], start: (baton) => baton.start('expire', undefined) },
  {
    name: 'a-tool-that-needs-approval',
    script: [
      { when: (r) => r.messages.length === 2, reply: { calls: [{ tool: 'pay', args: { usd: 50 } }] } },
      paid,
    ],
    start: (baton) => baton.start('afford', 'hello'),
    async meanwhile(run) {
      await run.approvals({ wait: '10 seconds' });
      await run.reject({ comment: 'too much' });
    },
  },
  {
    name: 'the-second-model',
    script: [{ when: (r) => r.model === 'small', reply: { status: 401 } }, paid],
    start: (baton) => baton.start('afford', 'hello'),
  },
  {
    name: 'a-budget-exceeded',
    script: [],
    start: (baton) => baton.start('afford', 'hello', { budget: { tokens: 10 } }),
  },
  {
    name: 'agents-as-tools-and-a-hand-off',
    script: [
      {
        when: (r) => r.messages[0]?.content === 'You are the desk.' && r.messages.length === 2,
        reply: {
          calls: [
            { tool: 'helper', args: { input: 'look it up' } },
            { tool: 'clerk', args: { input: 'decide' } },
          ],
        },
      },
      {
        when: (r) => r.messages[0]?.content === 'You are the desk.',
        reply: { calls: [{ tool: 'transfer_to_specialist' }] },
      },
      {
        when: (r) => r.messages[0]?.content === 'You are the helper.' && r.messages.length === 2,
        reply: { calls: [{ tool: 'lookup', args: { word: 'a' } }] },
      },
      paid,
    ],
    start: (baton) => baton.start('serve', 'hello'),
  },
  {
    name: 'local-turns-and-tools',
    script: [
      { when: (r) => r.model === 'small' && r.messages.length === 6, reply: { status: 401 } },
      {
        when: (r) => r.messages.length < 24,
        times: Infinity,
        reply: {
          calls: [
            { tool: 'glance', args: { word: 'a' } },
            { tool: 'lookup', args: { word: 'b' } },
            { tool: 'glance', args: { word: 'later' } },
          ],
        },
      },
      { reply: 'seen', times: Infinity },
    ],
    start: (baton) => baton.start('lookQuickly', 'hello'),
  },
  {
    name: 'a-cancelled-call',
    script: [{ reply: { hang: true } }],
    start: (baton) => baton.start('afford', 'hello'),
    meanwhile: (run) => new Promise((resolve) => setTimeout(resolve, 500)).then(() => run.cancel()),
  },
  {
    name: 'a-conversation-that-gets-too-long',
    script: [
      {
        when: (r) => String(r.messages[0]?.content).startsWith('You are given a conversation'),
        reply: 'In short.',
        times: Infinity,
      },
      { reply: { calls: [{ tool: 'lookup', args: { word: 'a'.repeat(600) } }] }, times: 5 },
      { reply: 'done' },
    ],
    start: (baton) => baton.start('archive', 'look it all up'),
  },
  {
    name: 'a-saga-that-is-undone',
    script: [
      {
        when: (r) => r.messages.length === 2,
        reply: { calls: [{ tool: 'book', args: { what: 'a' } }] },
        times: 2,
      },
      { reply: 'booked', times: 2 },
    ],
    start: (baton) => baton.start('travel', 'a'),
    also: (id) => ({ 'a-child-of-a-saga': `${id}/bookOne.1` }),
  },
  ...PATTERN_RECORDINGS,
];

/** Leaves out what tells of the machine that recorded, and means nothing to a replay. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace' || key === 'identity') return '';
  return typeof value === 'string' && /^\d+@/.test(value) ? 'sticky' : value;
}

const { History } = proto.temporal.api.history.v1;

const fileOf = (name: string) => fileURLToPath(new URL(`./histories/${name}.json`, import.meta.url));

async function save(name: string, client: Client, id: string, runId: string): Promise<void> {
  const history = await client.workflow.getHandle(id, runId).fetchHistory();
  const json = History.toObject(History.fromObject(history), { bytes: String, longs: String, enums: String });
  writeFileSync(fileOf(name), `${JSON.stringify(json, withoutMachine, 1)}\n`, { flag: 'wx' });
}

/** Saves the history of a run when it has ended; where it was continued as new, of its first run and of the last. */
async function saveEnded(name: string, client: Client, id: string): Promise<void> {
  const handle = client.workflow.getHandle(id);
  await handle.result().catch((error: unknown) => console.info(`${name}: ${String(error)}`));
  const { runId, raw } = await handle.describe();
  const first = raw.workflowExecutionInfo?.firstRunId ?? runId;
  await save(name, client, id, first);
  if (first !== runId) await save(`${name}-continued`, client, id, runId);
}

const server = await startTestServer();
for (const { name, script, start, meanwhile, also } of RECORDINGS) {
  if (existsSync(fileOf(name))) continue;
  const model = await startScriptedModel(...script);
  await server.withWorker(
    {
      agents: { ...agents, ...patternAgents },
      models: model.models('small', 'large'),
      workflows: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
    },
    async (baton) => {
      const run = await start(baton);
      await meanwhile?.(run);
      await saveEnded(name, baton.client, run.id);
      for (const [file, id] of Object.entries(also?.(run.id) ?? {})) await saveEnded(file, baton.client, id);
    },
  );
  await model.stop();
}
await server.stop();
process.exit(0);
