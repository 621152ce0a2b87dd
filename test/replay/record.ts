/**
 * Records the histories that the replay test replays, from real runs: `npm run record-histories`. A history is recorded once and
 * kept: a change of the workflow code that no longer replays it needs `patched()`, not a new recording. Existing files stay.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Baton, Run } from '../../src/client.js';
import { startScriptedModel, startTestServer, type ScriptEntry } from '../../src/testing/index.js';
import proto from '@temporalio/proto';
import * as agents from './agents.js';

interface Recording {
  name: string;
  script: ScriptEntry[];
  start(baton: Baton): Promise<Run>;
  meanwhile?(run: Run): Promise<unknown>;
}

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
    name: 'a-cancelled-call',
    script: [{ reply: { hang: true } }],
    start: (baton) => baton.start('afford', 'hello'),
    meanwhile: (run) => new Promise((resolve) => setTimeout(resolve, 500)).then(() => run.cancel()),
  },
];

/** Leaves out what tells of the machine that recorded, and means nothing to a replay. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace' || key === 'identity') return '';
  return typeof value === 'string' && /^\d+@/.test(value) ? 'sticky' : value;
}

const { History } = proto.temporal.api.history.v1;
const server = await startTestServer();
for (const { name, script, start, meanwhile } of RECORDINGS) {
  const file = fileURLToPath(new URL(`./histories/${name}.json`, import.meta.url));
  if (existsSync(file)) continue;
  const model = await startScriptedModel(...script);
  await server.withWorker(
    {
      agents,
      models: model.models('small', 'large'),
      workflows: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
    },
    async (baton) => {
      const run = await start(baton);
      await meanwhile?.(run);
      await run.result().catch((error: unknown) => console.info(`${name}: ${String(error)}`));
      const history = await baton.client.workflow.getHandle(run.id).fetchHistory();
      const json = History.toObject(History.fromObject(history), {
        bytes: String,
        longs: String,
        enums: String,
      });
      writeFileSync(file, `${JSON.stringify(json, withoutMachine, 1)}\n`);
    },
  );
  await model.stop();
}
await server.stop();
process.exit(0);
