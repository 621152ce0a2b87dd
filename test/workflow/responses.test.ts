import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/agents/index.js';
import type { Model } from '../../src/agents/models.js';
import { renderTrace } from '../../src/cli/render-trace.js';
import {
  startScriptedModel,
  type ChatRequest,
  type Reply,
  type ScriptedModel,
} from '../../src/testing/index.js';
import { bundleWorkflows } from '../../src/worker.js';
import { testServer } from '../support/server.js';
import { historyOf } from '../support/spans.js';
import { openStage, outcomeOf, type Case, type Stage } from '../support/stage.js';
import type { ask, askAndTell } from './fixtures/responses-workflows.js';

const WORKFLOWS = new URL('./fixtures/responses-workflows.ts', import.meta.url);

const executions: string[] = [];
const find = defineTool({
  description: 'Finds',
  input: z.object({ key: z.string() }),
  effect: 'read',
  run: ({ key }) => {
    executions.push(key);
    return `found ${key}`;
  },
});
const base = { description: 'Helps', instructions: 'You help.', tools: { find } };
const agents = {
  find,
  thinker: defineAgent({ ...base, model: 'thinking' }),
  streamer: defineAgent({ ...base, model: 'streaming' }),
  careful: defineAgent({ ...base, model: ['thinking', 'larger', 'other'] }),
  judge: defineAgent({
    ...base,
    model: 'thinking',
    output: z.object({ sum: z.number(), because: z.string() }),
  }),
  plain: defineAgent({ ...base, model: 'plain', output: z.object({ sum: z.number() }) }),
};
const modelsOf = ({ url }: ScriptedModel): Record<string, Model> => {
  const model = (model: string, more: object = {}): Model => ({
    model,
    baseUrl: url,
    api: 'responses',
    price: { input: 1, output: 2 },
    ...more,
  });
  return {
    thinking: model('gpt-5-mini'),
    streaming: model('gpt-5-mini', { stream: true }),
    larger: model('gpt-5'),
    other: model('gpt-5', { api: 'chat' }),
    plain: model('qwen3', { structuredOutput: 'json_object' }),
  };
};

const finds = (...keys: string[]) => keys.map((key) => ({ tool: 'find', args: { key } }));
const thought = (secret: string) => ({
  id: `rs_${secret}`,
  type: 'reasoning',
  encrypted_content: secret,
  summary: [],
});

/** The input of a request, its items by what they are: calls and outputs with the ids that the request gives them. */
function inputOf(request: ChatRequest | undefined): string[] {
  return ((request?.input ?? []) as Record<string, unknown>[]).map((item) => {
    if (item.type === 'reasoning') {
      expect(item).toEqual(thought(String(item.encrypted_content)));
      return `reasoning ${String(item.encrypted_content)}`;
    }
    if (item.type === 'function_call') return `call ${String(item.call_id)} ${String(item.arguments)}`;
    if (item.type === 'function_call_output') return `output ${String(item.call_id)} ${String(item.output)}`;
    return `${String(item.role)}: ${String(item.content)}`;
  });
}
const requestsOf = ({ arrivals }: Case) => arrivals.map(({ request }) => request);

describe('an agent behind the Responses API', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(agents, modelsOf, WORKFLOWS);
  });
  afterAll(() => stage.close());

  test.concurrent.each(['thinker', 'streamer'])('gets its reasoning back (%s)', async (agent) => {
    const name = `back-${agent}`;
    const it = stage
      .case(name)
      .replies(
        { reasoning: `${name}-1`, calls: finds('a', 'b') },
        { reasoning: `${name}-2`, text: 'One more.', calls: finds('c') },
        { reasoning: `${name}-3`, text: 'All found.' },
      );
    const run = await it.start(agent);
    const { result } = await outcomeOf(run);
    expect(result).toMatchObject({ output: 'All found.', transcript: { length: 7 } });
    const [first, second, third] = requestsOf(it);
    expect(first).toMatchObject({
      model: 'gpt-5-mini',
      store: false,
      include: ['reasoning.encrypted_content'],
      instructions: 'You help.',
      stream: agent === 'streamer',
      tools: [{ type: 'function', name: 'find', strict: false }],
    });
    const ids = ['001000100', '001000101', '001000400'];
    const input = [
      `user: ${name}`,
      `reasoning ${name}-1`,
      `call ${ids[0]} {"key":"a"}`,
      `call ${ids[1]} {"key":"b"}`,
      `output ${ids[0]} found a`,
      `output ${ids[1]} found b`,
      `reasoning ${name}-2`,
      'assistant: One more.',
      `call ${ids[2]} {"key":"c"}`,
      `output ${ids[2]} found c`,
    ];
    expect(inputOf(first)).toEqual(input.slice(0, 1));
    expect(inputOf(second)).toEqual(input.slice(0, 6));
    expect(inputOf(third)).toEqual(input);

    // It stands in the history once, and nowhere in the trace.
    const events = JSON.stringify(await historyOf(stage.baton, run.id));
    expect(events.match(new RegExp(`"encrypted_content":"${name}-1"`, 'g'))).toHaveLength(1);
    const trace = await run.trace();
    const shown = renderTrace(trace, { now: Date.now(), verbose: true });
    expect(shown).toContain('One more.');
    expect(JSON.stringify(trace) + shown).not.toContain(`${name}-1`);
  });

  test.concurrent('goes on with its reasoning in a later call', async () => {
    const it = stage
      .case('later')
      .replies({ reasoning: 'later-1', text: 'First.' }, { reasoning: 'later-2', text: 'Second.' });
    const run = await stage.baton.start('askOn', [
      { agent: 'thinker', input: 'later?' },
      { agent: 'thinker', input: 'and then?' },
    ]);
    await run.result();
    expect(inputOf(requestsOf(it)[1])).toEqual([
      'user: later?',
      'reasoning later-1',
      'assistant: First.',
      'user: and then?',
    ]);
  });

  test.concurrent('tells the orchestration what was said, without its reasoning', async () => {
    stage.case('tell?').replies({ reasoning: 'tell-1', text: 'Said.' });
    const run = await stage.baton.start<typeof askAndTell>('askAndTell', {
      agent: 'thinker',
      input: 'tell?',
    });
    expect(await run.result()).toEqual([
      { role: 'user', content: 'tell?' },
      { role: 'assistant', text: 'Said.' },
    ]);
  });

  test.concurrent('shows its reasoning to no other model and no other API', async () => {
    const gone: Reply = { status: 404, body: { error: { message: 'gone' } } };
    const it = stage
      .case('other?')
      .replies({ reasoning: 'other-1', calls: finds('x') }, gone, gone, 'Found.');
    const { result } = await it.ask('careful');
    expect(result).toMatchObject({ output: 'Found.', agent: { model: 'other' } });
    const [, same, larger, other] = requestsOf(it);
    const id = '001000100';
    expect(inputOf(same)).toContain('reasoning other-1');
    expect(larger?.model).toBe('gpt-5');
    expect(inputOf(larger)).toEqual(['user: other?', `call ${id} {"key":"x"}`, `output ${id} found x`]);
    expect(other).not.toHaveProperty('input');
    expect(other?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
    expect(JSON.stringify(other)).not.toContain('other-1');
  });

  test.concurrent('answers by its schema, and repairs what does not fit', async () => {
    const it = stage
      .case('schema?')
      .replies(
        { reasoning: 'schema-1', json: { sum: 'many' } },
        { reasoning: 'schema-2', json: { sum: 3, because: 'counted' } },
      );
    const { result } = await it.ask('judge');
    expect(result?.output).toEqual({ sum: 3, because: 'counted' });
    const [first, second] = requestsOf(it);
    expect(first?.text).toMatchObject({ format: { type: 'json_schema', name: 'judge', strict: true } });
    expect(inputOf(second).slice(0, 3)).toEqual([
      'user: schema?',
      'reasoning schema-1',
      'assistant: {"sum":"many"}',
    ]);
    expect(inputOf(second)[3]).toMatch(/^user: .*because/s);
  });

  test.concurrent('is told of the schema in words where the provider has none', async () => {
    const it = stage.case('words?').replies({ json: { sum: 3 } });
    const { result } = await it.ask('plain');
    expect(result?.output).toEqual({ sum: 3 });
    const [request] = requestsOf(it);
    expect(request?.text).toEqual({ format: { type: 'json_object' } });
    expect(request).not.toHaveProperty('include');
    expect(inputOf(request)[0]).toMatch(/^system: Answer with one JSON object/);
  });

  test.concurrent.each<[string, Reply, string]>([
    ['a refusal', { refusal: 'I will not.' }, 'Refused'],
    ['a filter', { calls: finds('filtered'), finish: 'content_filter' }, 'Refused'],
    ['its limit', { calls: finds('cut'), finish: 'length' }, 'OutputInvalid'],
    [
      'its prompt',
      { status: 200, body: { status: 'failed', error: { code: 'invalid_prompt', message: 'flagged' } } },
      'Refused',
    ],
  ])('fails by %s, and runs no tool', async (name, reply, code) => {
    for (const agent of ['thinker', 'streamer']) {
      const it = stage.case(`fails by ${name} (${agent})`).replies(reply);
      expect(await it.ask(agent)).toMatchObject({ code });
      expect(it.arrivals).toHaveLength(1);
    }
    expect(executions.filter((key) => ['filtered', 'cut'].includes(key))).toEqual([]);
  });

  const partial = (key: string, then: 'end' | { error: object }): Reply => ({
    cut: { reasoning: `${key}-1`, calls: finds(key) },
    then,
  });
  test.concurrent.each<[string, string, Reply]>([
    [
      'thinker',
      'failed',
      { status: 200, body: { status: 'failed', error: { code: 'server_error' }, output: [] } },
    ],
    ['thinker', 'halved', partial('halved', 'end')],
    ['streamer', 'stopped', partial('stopped', 'end')],
    [
      'streamer',
      'broken',
      partial('broken', { error: { error: { message: 'sorry', code: 'server_error' } } }),
    ],
  ])('is asked again where an answer fails, and no tool of it runs (%s, %s)', async (agent, key, reply) => {
    const it = stage.case(`again-${key}`).replies(reply, 'Done.');
    const { result } = await it.ask(agent);
    expect(result?.output).toBe('Done.');
    expect(inputOf(requestsOf(it)[1])).toEqual([`user: again-${key}`]);
    expect(executions).not.toContain(key);
  });
});

describe('reasoning', () => {
  it('is read from the run by a worker that remembers nothing', async () => {
    const model = await startScriptedModel(
      { reply: { reasoning: 'r1', calls: finds('y') } },
      { reply: { reasoning: 'r2', calls: finds('z') } },
      { reply: 'Done.' },
    );
    const workflowBundle = await bundleWorkflows(fileURLToPath(WORKFLOWS));
    const server = await testServer();
    const options = { agents, models: modelsOf(model), workflowBundle, cacheBytes: 1 };
    await server.withWorker(options, async (baton) => {
      const run = await baton.start<typeof ask>('ask', { agent: 'thinker', input: 'Hello' });
      expect(await run.result()).toMatchObject({ output: 'Done.' });
    });
    expect(inputOf(model.requests[2]).filter((item) => item.startsWith('reasoning'))).toEqual([
      'reasoning r1',
      'reasoning r2',
    ]);
    await model.stop();
  });
});
