import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/agents/index.js';
import { bodyOf, outputsOf, responsesOf, type Body } from '../support/recorded-responses.js';
import type { Interaction } from '../support/recording.js';
import { startReplayServer, type ReplayServer } from '../support/replay-server.js';
import { describeShared, hasSharedData } from '../support/shared-data.js';
import { openStage, type Stage } from '../support/stage.js';

const LOOP = 'responses_loop4_parallel5_reasoning';
const HANDOFF = 'responses_sse_handoff_multiagent';
const CUT = 'resp_incomplete_stream';
const UNKNOWN = 'err_400_model_not_found_responses';

const recorded = (name: string) => (hasSharedData ? responsesOf(name) : []);
const bodies = (name: string) => recorded(name).map(({ request }) => bodyOf(request.body));
const outputs = (name: string) => (hasSharedData ? outputsOf(name) : []);

/** A tool that gives the recorded outputs, in order. */
const tool = (description: string, key: string, given: unknown[]) =>
  defineTool({
    description,
    input: z.object({ [key]: z.string() }),
    effect: 'write',
    run: () => given.shift() ?? null,
  });
const [, analysed, processed, generated] = outputs(HANDOFF);
const dbLookup = tool('Look up a value by key in the puzzle database.', 'key', [
  ...outputs(LOOP),
  ...['a', 'b', 'c', 'd', 'e'],
]);
const analyze = tool('Analyze the requested data patterns.', 'data_request', [analysed]);
const process = tool('Process the analysis results.', 'analysis_data', [processed]);
const report = tool('Generate a final report from the processed data.', 'processed_data', [generated]);

const instructionsOf = (body: Body | undefined) => String(body?.instructions ?? '');
const base = { description: 'Recorded', instructions: '' };
const analytics = defineAgent({
  ...base,
  instructions: instructionsOf(bodies(HANDOFF)[1]),
  model: HANDOFF,
  tools: { analyze, process, report },
});
const agents = {
  db_lookup: dbLookup,
  analyze_data: analyze,
  process_results: process,
  generate_report: report,
  // One at a time, so that the outputs go to the calls in their order.
  puzzle: defineAgent({ ...base, model: LOOP, tools: { dbLookup }, limits: { toolConcurrency: 1 } }),
  router: defineAgent({
    ...base,
    instructions: instructionsOf(bodies(HANDOFF)[0]),
    model: HANDOFF,
    handoffs: { analytics },
  }),
  analytics_agent: analytics,
  narrator: defineAgent({ ...base, model: CUT, limits: { outputTokens: 16 }, temperature: 0.1 }),
  stranger: defineAgent({ ...base, model: UNKNOWN }),
};

/** The recording of the loop stops at five calls at once: this ends it. */
const END: Interaction = {
  request: { url: '', body: null },
  response: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      object: 'response',
      status: 'completed',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: '7' }] }],
    }),
  },
};

const questionOf = (name: string) => {
  const [first] = bodies(name)[0]?.input ?? [];
  return String((first as { content?: string } | undefined)?.content);
};

describeShared('an agent on recorded responses', () => {
  const replays = new Map<string, ReplayServer>();
  let stage: Stage;
  beforeAll(async () => {
    for (const name of [LOOP, HANDOFF, CUT, UNKNOWN])
      replays.set(name, await startReplayServer([...recorded(name), ...(name === LOOP ? [END] : [])]));
    const model = (name: string, model: string, more: object = {}) => ({
      [name]: { model, api: 'responses' as const, baseUrl: replays.get(name)?.url ?? '', ...more },
    });
    stage = await openStage(agents, () => ({
      ...model(LOOP, 'gpt-5.5', { reasoningEffort: 'high' }),
      ...model(HANDOFF, 'gpt-4o', { stream: true }),
      ...model(CUT, 'gpt-4o', { stream: true }),
      ...model(UNKNOWN, 'this-model-does-not-exist'),
    }));
  });
  afterAll(async () => {
    await stage.close();
    for (const replay of replays.values()) await replay.stop();
  });
  const sentTo = (name: string) => (replays.get(name)?.requests ?? []).map(bodyOf);

  it('sends its reasoning back as it was recorded', async () => {
    const { result } = await stage.case(questionOf(LOOP)).ask('puzzle');
    expect(result).toMatchObject({ output: '7', usage: { input: 88 + 171 + 302 + 532, reasoning: 356 } });
    const sent = sentTo(LOOP);
    const last = sent.pop();
    // What is required of arguments is told in another order of keys.
    expect(sent).toEqual(bodies(LOOP).map((body) => ({ ...body, tools: expect.anything() as unknown })));
    expect(sent[0]?.tools).toMatchObject(bodies(LOOP)[0]?.tools ?? []);
    const before = sent.at(-1)?.input ?? [];
    expect(last?.input.slice(0, before.length)).toEqual(before);
    const [reasoning, ...rest] = last?.input.slice(before.length) ?? [];
    expect(reasoning).toMatchObject({
      type: 'reasoning',
      id: 'rs_0429c1fcf5cbfa350169fabfeff8708197a93aabe0257d06a5',
      encrypted_content: expect.stringMatching(/^gAAAAABp-r_xmA0UxYPtwh_j40l/),
      summary: [],
    });
    const keys = ['begin', 'value', 'the value 7', 'Begin with the value 7.', 'start2'];
    expect(rest).toEqual([
      ...keys.map((key, i) => ({
        type: 'function_call',
        call_id: `call ${i + 3}`,
        name: 'db_lookup',
        arguments: { key },
      })),
      ...['a', 'b', 'c', 'd', 'e'].map((output, i) => ({
        type: 'function_call_output',
        call_id: `call ${i + 3}`,
        output,
      })),
    ]);
    // On the wire each call has an id of Baton's own.
    const ids = JSON.stringify(replays.get(LOOP)?.requests.at(-1)).match(/"call_id":"([a-z0-9]{9})"/g);
    expect(new Set(ids)).toHaveProperty('size', 8);
    expect(ids).toHaveLength(16);
  });

  it('hands the conversation over, in streams', async () => {
    const { result } = await stage.case(questionOf(HANDOFF)).ask('router');
    expect(result).toMatchObject({
      output: expect.stringMatching(/^Here is the report for the sales data/) as string,
      agent: { path: ['router', 'analytics_agent'] },
    });
    const agreed = ({ input, instructions, model, stream, tools }: Body) => ({
      // What an agent is told of the hand-off is Baton's own.
      input: input.map((item) =>
        'output' in item && 'call_id' in item && item.call_id === 'call 0' ? { ...item, output: '' } : item,
      ),
      instructions,
      model,
      stream,
      tools: tools?.map(({ name }) => name),
    });
    expect(sentTo(HANDOFF).map(agreed)).toEqual(bodies(HANDOFF).map(agreed));
    for (const { store } of sentTo(HANDOFF)) expect(store).toBe(false);
  });

  it('fails where its answer is cut', async () => {
    const { code, message } = await stage.case(questionOf(CUT)).ask('narrator');
    expect([code, message]).toEqual([
      'OutputInvalid',
      expect.stringContaining('cut at the limit of its tokens'),
    ]);
    const expected = bodies(CUT).map((body) => ({ ...body, store: false }));
    expect(sentTo(CUT)).toEqual(expected);
  });

  it('fails where its model is not known', async () => {
    const { code, message } = await stage.case(questionOf(UNKNOWN)).ask('stranger');
    expect([code, message]).toEqual(['BadRequest', expect.stringContaining('this-model-does-not-exist')]);
    expect(sentTo(UNKNOWN)).toEqual(
      bodies(UNKNOWN).map((body) => ({ ...body, store: false, stream: false })),
    );
  });
});
