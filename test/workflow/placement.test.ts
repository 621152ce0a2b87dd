import { fetchHistory, type Trace } from '../../src/client.js';
import { Trace as TraceSchema } from '../../src/trace/trace.js';
import type { AgentPlacement } from '../../src/workflows/index.js';
import { openStage, outcomeOf, type Stage } from '../support/stage.js';
import { spans } from '../support/spans.js';
import * as agents from './fixtures/local-agents.js';

const LOCAL = { placement: { placement: 'local' } } satisfies { placement: AgentPlacement };

interface Events {
  /** Activity types of the local activities, in their order. */
  local: string[];
  /** Activity types of the ordinary ones. */
  ordinary: string[];
}

describe('a call placed local', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(agents, (model) => model.models('small', 'large'));
  });
  afterAll(() => stage.close());

  async function eventsOf(id: string): Promise<Events> {
    const events = await fetchHistory(stage.baton.client, id);
    const decode = (data: Uint8Array | null | undefined) =>
      JSON.parse(Buffer.from(data ?? []).toString()) as { activity_type: string };
    return {
      local: events.flatMap(({ markerRecordedEventAttributes: marker }) => {
        const payload = marker?.details?.data?.payloads?.[0];
        return payload ? [decode(payload.data).activity_type] : [];
      }),
      ordinary: events.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
        scheduled ? [scheduled.activityType?.name ?? ''] : [],
      ),
    };
  }

  const traceOf = async (id: string): Promise<Trace> =>
    TraceSchema.parse(await (await stage.baton.run(id)).trace());

  it('is a local activity for tools, beside ordinary turns, and is shown in the trace', async () => {
    const one = stage.case('tools only').replies(
      {
        text: 'looking',
        calls: [
          { tool: 'find', args: { page: 1 } },
          { tool: 'find', args: { page: 2 } },
        ],
      },
      'done',
    );
    const run = await one.start('reader');
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'done' } });
    expect(await eventsOf(run.id)).toEqual({
      local: ['find', 'find'],
      ordinary: ['baton_turn', 'baton_turn'],
    });
    const trace = await traceOf(run.id);
    expect(
      spans(trace, 'tool').map(({ name, status, input, output }) => ({ name, status, input, output })),
    ).toEqual(
      [1, 2].map((page) => ({
        name: 'find',
        status: 'completed',
        input: { page },
        output: { page, text: `page ${page} ` },
      })),
    );
    expect(spans(trace, 'activity')).toEqual([]);
  });

  it('is a local activity for turns too, and the trace shows all that is known of ordinary ones', async () => {
    const one = stage
      .case('both local')
      .replies({ text: 'looking', calls: [{ tool: 'find', args: { page: 1 } }] }, 'done');
    const run = await one.start('reader', { ...LOCAL, options: { context: 'a shelf' } });
    expect(await outcomeOf(run)).toMatchObject({
      result: { output: 'done', agent: { model: 'small' }, transcript: { length: 5 } },
    });
    expect(await eventsOf(run.id)).toEqual({ local: ['baton_turn', 'find', 'baton_turn'], ordinary: [] });
    const trace = await traceOf(run.id);
    expect(spans(trace, 'agent')).toMatchObject([
      { path: 'reader.1', input: 'both local', context: 'a shelf', output: 'done', status: 'completed' },
    ]);
    expect(spans(trace, 'turn')).toMatchObject([
      { step: 'tools', attempts: 1, given: [{ content: 'a shelf' }, { content: 'both local' }] },
      { step: 'final', model: 'small', given: [] },
    ]);
    expect(spans(trace, 'tool')).toMatchObject([{ name: 'find', status: 'completed', input: { page: 1 } }]);
    expect(spans(trace, 'activity')).toEqual([]);
  });

  it('is not local more than twenty times in a row', async () => {
    const calls = (page: number) => ({ text: `page ${page}`, calls: [{ tool: 'find', args: { page } }] });
    const one = stage
      .case('long way')
      .replies(...Array.from({ length: 16 }, (_, page) => calls(page)), 'done');
    const run = await one.start('reader', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'done' } });
    const { local, ordinary } = await eventsOf(run.id);
    expect([local.length, ordinary.length]).toEqual([32, 1]);
    const [longest = []] = one.arrivals.map(({ request }) => request.messages).reverse();
    expect(longest).toHaveLength(2 + 2 * 16);
    for (const { request } of one.arrivals)
      expect(request.messages).toEqual(longest.slice(0, request.messages.length));
    expect(spans(await traceOf(run.id), 'turn')).toHaveLength(17);
  });

  it('goes together with ordinary calls in one conversation', async () => {
    const one = stage.case('mixed calls');
    const find = (page: number) => ({ calls: [{ tool: 'find', args: { page } }] });
    one.replies(find(1), 'first', find(2), 'second', find(3), 'third');
    const call = { agent: 'reader', input: 'mixed calls' };
    const run = await stage.baton.start<(calls: object[]) => Promise<{ output: string }[]>>('askOn', [
      { ...call, ...LOCAL },
      call,
      { ...call, ...LOCAL },
    ]);
    expect((await run.result()).map(({ output }) => output)).toEqual(['first', 'second', 'third']);
    const [longest = []] = one.arrivals.map(({ request }) => request.messages).reverse();
    expect(longest).toHaveLength(1 + 3 * 4 - 1);
    for (const { request } of one.arrivals)
      expect(request.messages).toEqual(longest.slice(0, request.messages.length));
    const { ordinary } = await eventsOf(run.id);
    expect(ordinary).toEqual(['baton_turn', 'baton_turn']);
    expect(spans(await traceOf(run.id), 'agent').map(({ output }) => output)).toEqual([
      'first',
      'second',
      'third',
    ]);
  });

  it('waits as a provider asks, and goes on as an ordinary activity', async () => {
    const one = stage
      .case('slow down')
      .replies(
        { status: 429, headers: { 'retry-after': '1' } },
        { calls: [{ tool: 'find', args: { page: 1 } }] },
        'done',
      );
    const run = await one.start('reader', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'done' } });
    expect(one.gaps[0]).toBeGreaterThanOrEqual(1_000);
    const { ordinary } = await eventsOf(run.id);
    expect(ordinary).toEqual(['baton_turn']);
    const trace = await traceOf(run.id);
    expect(spans(trace, 'turn')).toHaveLength(2);
    expect(spans(trace, 'timer')).toMatchObject([{ name: expect.stringContaining('RateLimited') as string }]);
  });

  it('goes on to the next model', async () => {
    const one = stage.case('next model').replies({ status: 401 }, 'done');
    const run = await one.start('reader', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'done', agent: { model: 'large' } } });
    expect(one.asked).toEqual(['small', 'large']);
    expect(await eventsOf(run.id)).toMatchObject({ ordinary: [] });
    expect(spans(await traceOf(run.id), 'turn')).toMatchObject([
      { status: 'failed', model: 'small', error: { code: 'Unauthorized' } },
      { status: 'completed', fallbackFrom: 'small' },
    ]);
  });

  it('fails as an ordinary one does', async () => {
    const one = stage.case('no model').replies({ status: 401 }, { status: 401 });
    const run = await one.start('reader', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({ code: 'Unauthorized' });
    expect(spans(await traceOf(run.id), 'agent')).toMatchObject([
      { status: 'failed', error: { code: 'Unauthorized' } },
    ]);
  });

  it('has its output repaired', async () => {
    const one = stage.case('repair it').replies('no JSON', { json: { usd: 3 } });
    const run = await one.start('clerk', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({ result: { output: { usd: 3 } } });
    expect(await eventsOf(run.id)).toEqual({ local: ['baton_turn', 'baton_turn'], ordinary: [] });
    expect(one.lastOf(1)).toContain('Answer again, corrected.');
    expect(spans(await traceOf(run.id), 'turn')).toMatchObject([{ step: 'repair' }, { step: 'final' }]);
  });

  it('asks other agents and hands over to them, who are local too', async () => {
    const one = stage
      .case('hand it over')
      .replies(
        { calls: [{ tool: 'clerk', args: { input: 'hand it over: the sum' } }] },
        { json: { usd: 7 } },
        { calls: [{ tool: 'transfer_to_reader' }] },
        'read it',
      );
    const run = await one.start('desk', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({
      result: { output: 'read it', agent: { path: ['desk', 'reader'] } },
    });
    expect(await eventsOf(run.id)).toEqual({ local: Array(4).fill('baton_turn'), ordinary: [] });
    expect(spans(await traceOf(run.id), 'agent').map(({ name, status }) => ({ name, status }))).toEqual(
      ['desk', 'clerk', 'reader'].map((name) => ({ name, status: 'completed' })),
    );
  });

  it('waits for an approval first', async () => {
    const one = stage
      .case('is it allowed')
      .replies({ calls: [{ tool: 'allowed', args: { word: 'lamp' } }] }, 'it is');
    const run = await one.start('reader', LOCAL);
    await run.approvals({ wait: '20 seconds' });
    expect((await eventsOf(run.id)).local).toEqual(['baton_turn']);
    await run.approve({ by: 'lead', edits: { word: 'candle' } });
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'it is' } });
    expect(one.lastOf(1)).toMatch(/^allowed candle\n\n\(lead changed the arguments /);
    expect(spans(await traceOf(run.id), 'tool')).toMatchObject([
      {
        input: { word: 'candle' },
        status: 'completed',
        children: [{ kind: 'approval', status: 'completed' }],
      },
    ]);
  });

  it('is made again as an ordinary call where a tool fails in passing', async () => {
    const one = stage
      .case('busy tool')
      .replies({ calls: [{ tool: 'shaky', args: { word: 'lamp' } }] }, 'done');
    const run = await one.start('reader', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'done' } });
    expect(one.lastOf(1)).toBe('found lamp');
    expect(await eventsOf(run.id)).toEqual({
      local: ['baton_turn', 'shaky', 'baton_turn'],
      ordinary: ['shaky'],
    });
    expect(spans(await traceOf(run.id), 'tool')).toMatchObject([{ status: 'completed' }]);
  });

  it('is told as failed where its time is over', async () => {
    const one = stage.case('stuck tool').replies({ calls: [{ tool: 'stuck' }] }, 'too bad');
    const run = await one.start('reader', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'too bad' } });
    expect(one.lastOf(1)).toContain('took longer than 500 ms');
    const trace = await traceOf(run.id);
    expect(spans(trace, 'tool')).toMatchObject([{ name: 'stuck', status: 'failed' }]);
    expect(spans(trace, 'activity')).toEqual([]);
  });

  it('runs the tools of one message at once', async () => {
    const args = (page: number) => ({ tool: 'find', args: { page, wait: 300 } });
    const one = stage.case('many at once').replies({ calls: [1, 2, 3, 4, 5, 6].map(args) }, 'done');
    const run = await one.start('reader', LOCAL);
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'done' } });
    const tools = spans(await traceOf(run.id), 'tool');
    const lastStart = Math.max(...tools.map(({ start }) => start));
    expect(tools).toHaveLength(6);
    for (const { end } of tools) expect(end).toBeGreaterThan(lastStart);
  });

  it('is ordinary under a budget, where the money of a lost turn must be counted', async () => {
    const one = stage.case('thrifty').replies({ calls: [{ tool: 'find', args: { page: 1 } }] }, 'done');
    const run = await one.start('reader', LOCAL, { budget: { usd: 1 } });
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'done' } });
    const { local, ordinary } = await eventsOf(run.id);
    expect(local).toEqual(['find']);
    expect(new Set(ordinary)).toEqual(new Set(['baton_turn']));
  });

  it('is ordinary where much is said, and where much is answered', async () => {
    const long = `${'x'.repeat(70_000)} long story`;
    const one = stage
      .case('long story')
      .replies({ calls: [{ tool: 'find', args: { page: 1 } }] }, 'y'.repeat(300_000), 'y'.repeat(300_000));
    const run = await one.start('reader', { ...LOCAL, input: long });
    expect(await outcomeOf(run)).toMatchObject({ result: { output: 'y'.repeat(300_000) } });
    expect(await eventsOf(run.id)).toEqual({
      local: ['find', 'baton_turn'],
      ordinary: ['baton_turn', 'baton_turn'],
    });
  });

  it('cannot have a task queue', async () => {
    const placement = { placement: 'local', taskQueue: 'elsewhere' } satisfies AgentPlacement;
    const outcome = await stage.case('elsewhere').ask('reader', { placement });
    expect(outcome).toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringContaining('taskQueue') as string,
    });
  });

  it('hears of the end of its run', async () => {
    const one = stage.case('give up').replies({ hang: true });
    const run = await one.start('reader', LOCAL);
    while (one.arrivals.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await run.cancel();
    await expect(run.result()).rejects.toThrow();
    while (!one.arrivals[0]?.abandoned) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(spans(await traceOf(run.id), 'activity')).toMatchObject([
      { summary: 'reader · turn 1', status: 'cancelled' },
    ]);
  });
});
