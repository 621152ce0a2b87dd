import { fileURLToPath } from 'node:url';
import { defaultPayloadConverter } from '@temporalio/common';
import { fetchHistory, type Baton } from '../../src/client.js';
import { decodeHistory } from '../../src/trace/decode-history.js';
import type { HistoryEvent } from '../../src/trace/history-event.js';
import { operationsOf } from '../../src/trace/operation.js';
import { readCall } from '../../src/trace/recorded-call.js';
import { Trace } from '../../src/trace/trace.js';
import { traceOf } from '../../src/trace/trace-of.js';
import { transcriptsOf } from '../../src/trace/transcripts-of.js';
import { startScriptedModel, type ScriptEntry } from '../../src/testing/index.js';
import { bundleWorkflows } from '../../src/worker.js';
import { testServer } from '../support/server.js';
import * as agents from './fixtures/trace-agents.js';
import { bulky, desk, household, write } from './fixtures/trace-workflows.js';

const bundle = bundleWorkflows(fileURLToPath(new URL('./fixtures/trace-workflows.ts', import.meta.url)));

const activities = { fill: async (bytes: number) => 'x'.repeat(bytes) };

async function withScript<T>(script: ScriptEntry[], fn: (baton: Baton) => Promise<T>): Promise<T> {
  const model = await startScriptedModel(...script);
  const server = await testServer();
  const options = { agents, models: model.models('small', 'large'), workflowBundle: await bundle };
  const result = await server.withWorker({ ...options, worker: { activities } }, fn);
  await model.stop();
  return result;
}

async function historyOf(baton: Baton, id: string): Promise<HistoryEvent[]> {
  const events = await fetchHistory(baton.client, id);
  return decodeHistory(events, async (payload) => defaultPayloadConverter.fromPayload(payload));
}

const writer = 'You are the writer.';
const critic = 'You are the critic.';

/** Two agents at once: tools, a repair, a fall-back to the second model; and one of them goes on afterwards. */
const busyScript: ScriptEntry[] = [
  { when: 'once more', reply: { json: { usd: 3 } } },
  { when: critic, reply: { calls: [{ tool: 'lookup', args: { word: 'tent' } }] } },
  { when: critic, reply: 'fine' },
  { when: writer, reply: { status: 401 } },
  {
    when: writer,
    reply: {
      calls: [
        { tool: 'lookup', args: { word: 'lamp' } },
        { tool: 'nonsense' },
        { tool: 'pay', args: { usd: 5 } },
      ],
      text: 'let me see',
    },
  },
  { when: writer, reply: { json: { usd: 'much' } } },
  { when: writer, reply: { json: { usd: 2 } } },
];

async function busyRun(baton: Baton): Promise<HistoryEvent[]> {
  const run = await baton.start(desk, { text: 'broken' });
  await run.approvals({ wait: '10 seconds' });
  await run.reject({ by: 'lead' });
  await run.result();
  return historyOf(baton, run.id);
}

describe('the transcripts of a run', () => {
  it('are rebuilt from the history, in which every message stands once', async () => {
    const events = await withScript(busyScript, busyRun);
    const transcripts = transcriptsOf(events);
    const [first, second] = [transcripts.get(1), transcripts.get(2)];
    const asRoles = (messages: typeof first) => messages?.map(({ role }) => role).join(' ');
    expect(asRoles(first)).toBe('user assistant tool tool tool assistant user assistant user assistant');
    expect(asRoles(second)).toBe('user assistant tool assistant');
    expect(first?.slice(0, 5)).toEqual([
      { role: 'user', content: { text: 'broken' } },
      expect.objectContaining({ text: 'let me see' }),
      { role: 'tool', call: 0, tool: 'lookup', content: { meaning: 'the meaning of lamp' } },
      expect.objectContaining({ tool: 'nonsense', isError: true }),
      expect.objectContaining({ tool: 'pay', isError: true, content: 'Not done: rejected by lead' }),
    ]);
    expect(first?.[6]).toMatchObject({ role: 'user', repair: true });
    expect(first?.slice(-2)).toEqual([
      { role: 'user', content: { text: 'once more' } },
      { role: 'assistant', text: '{"usd":3}' },
    ]);
    const inAll = [...transcripts.values()].flat();
    expect(inAll).not.toContain(undefined);
    expect(recordedMessages(events)).toBe(inAll.length);
  });
});

/** How many messages the events hold by value. */
function recordedMessages(events: readonly HistoryEvent[]): number {
  return operationsOf(events)
    .flatMap((operation) => readCall(operation) ?? [])
    .reduce((count, call) => {
      if (call.kind === 'tool') return count + (call.result ? 1 : 0);
      if (call.kind === 'ask') return count;
      const given = call.input.appended.filter((entry) => typeof entry !== 'string').length;
      if (call.result?.kind !== 'answer') return count + given;
      return count + given + (call.result.step.kind === 'repair' ? 2 : 1);
    }, 0);
}

describe('a trace of the first part of a history', () => {
  it('is a trace, wherever the history is cut', async () => {
    const histories = await withScript(
      [...busyScript, { when: writer, times: 2, reply: { json: { usd: 1 } } }],
      async (baton) => {
        const busy = await busyRun(baton);
        const family = await baton.start(household, [{ text: 'a' }, { text: 'b' }]);
        await family.result();
        return [busy, await historyOf(baton, family.id)];
      },
    );
    for (const events of histories) {
      for (let length = 0; length <= events.length; length++) {
        const part = events.slice(0, length);
        expect(() => Trace.parse(traceOf(part))).not.toThrow();
        expect(() => transcriptsOf(part)).not.toThrow();
      }
      const ends = traceOf(events).end;
      expect(ends).toBe(events.at(-1)?.at);
    }
  });
});

describe('a history whose payloads cannot be read', () => {
  it('still gives a trace, in which they are shown as such', async () => {
    const trace = await withScript([{ reply: { json: { usd: 1 } } }], async (baton) => {
      const run = await baton.start(write, { text: 'x' });
      await run.result();
      const events = await fetchHistory(baton.client, run.id);
      return traceOf(await decodeHistory(events, () => Promise.reject(new Error('no key'))));
    });
    expect(Trace.parse(trace)).toMatchObject({
      name: 'write',
      status: 'completed',
      input: { undecodable: { encoding: 'json/plain', reason: 'no key' } },
    });
    expect(trace.children).toEqual([expect.objectContaining({ kind: 'activity', name: 'baton_turn' })]);
  });
});

describe('fetchHistory', () => {
  it('reads a history that is larger than one message of Temporal', async () => {
    await withScript([], async (baton) => {
      const run = await baton.start(bulky, 7);
      await run.result();
      const events = await fetchHistory(baton.client, run.id);
      expect(events.map(({ eventId }) => Number(eventId))).toEqual(events.map((_, i) => i + 1));
      expect(JSON.stringify(await historyOf(baton, run.id)).length).toBeGreaterThan(7_000_000);
    });
  });
});
