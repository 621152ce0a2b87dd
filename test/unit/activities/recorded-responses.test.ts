import type { Message } from '../../../src/agents/message.js';
import type { Model } from '../../../src/agents/models.js';
import { classify } from '../../../src/activities/models/classify.js';
import { askResponses } from '../../../src/activities/models/responses-api.js';
import { bodyOf, responsesOf } from '../../support/recorded-responses.js';
import { startReplayServer } from '../../support/replay-server.js';
import { describeShared } from '../../support/shared-data.js';
import { modelRequest } from './model-request.js';

/** Calls as `tool(arguments)`. Of what is opaque, the types. A text is given by its start. */
interface Expected {
  text?: string;
  calls?: string[];
  opaque?: string[];
  usage: object;
  finish?: 'stop' | 'length';
}

const tokens = (input: number, output: number, more: object = {}) => ({ input, output, ...more });
const lookup = (...keys: string[]) => keys.map((key) => `db_lookup({"key":"${key}"})`);

/** By recording: whether it is a stream, and what each of its answers means. */
const ANSWERS: Record<string, { stream: boolean; expected: Expected[] }> = {
  responses_loop4_parallel5_reasoning: {
    stream: false,
    expected: [
      { calls: lookup('start'), opaque: ['reasoning', 'calls'], usage: tokens(88, 65, { reasoning: 45 }) },
      { calls: lookup('7'), opaque: ['reasoning', 'calls'], usage: tokens(171, 118, { reasoning: 98 }) },
      { calls: lookup('step1'), opaque: ['reasoning', 'calls'], usage: tokens(302, 217, { reasoning: 196 }) },
      {
        calls: lookup('begin', 'value', 'the value 7', 'Begin with the value 7.', 'start2'),
        opaque: ['reasoning', 'calls'],
        usage: tokens(532, 119, { reasoning: 17 }),
      },
    ],
  },
  responses_sse_handoff_multiagent: {
    stream: true,
    expected: [
      { calls: ['transfer_to_analytics_agent({})'], usage: tokens(72, 14) },
      { calls: ['analyze_data({"data_request":"Sales data'], usage: tokens(181, 21) },
      { calls: ['process_results({"analysis_data":"Analyzed'], usage: tokens(222, 26) },
      { calls: ['generate_report({"processed_data":"Processed'], usage: tokens(270, 29) },
      { text: 'Here is the report for the sales data from last quarter:\n\n**S', usage: tokens(325, 190) },
    ],
  },
  resp_incomplete_stream: {
    stream: true,
    expected: [
      {
        text: 'In the bustling city of Detroit, a sleek, metallic blue sedan rolled off the',
        usage: tokens(0, 0),
        finish: 'length',
      },
    ],
  },
};

const FAILURES: Record<string, object> = {
  err_400_context_length_openai_responses: {
    code: 'ContextOverflow',
    status: 400,
    message: expect.stringContaining('Your input exceeds the context window of this model.'),
  },
  err_400_model_not_found_responses: {
    code: 'BadRequest',
    status: 400,
    message: expect.stringContaining("The requested model 'this-model-does-not-exist' does not exist."),
  },
};

const asked = (url: string, messages: Message[], model: Partial<Model> = {}) =>
  modelRequest(url, messages, { instructions: '', model: { api: 'responses', ...model } });

describeShared('recorded responses', () => {
  it.each(Object.entries(ANSWERS))('of %s are read', async (name, { stream, expected }) => {
    const server = await startReplayServer(responsesOf(name));
    expect(responsesOf(name)).toHaveLength(expected.length);
    for (const { text, calls, opaque, usage, finish = 'stop' } of expected) {
      const answer = await askResponses(asked(server.url, [{ role: 'user', content: 'Hello' }], { stream }));
      expect(answer).toMatchObject({ finish, offline: false });
      expect(answer.usage).toEqual(usage);
      const { message } = answer;
      expect(message.text?.slice(0, text?.length)).toBe(text);
      const got = message.calls?.map(({ tool, arguments: args }) => `${tool}(${args})`);
      expect(got?.map((call, i) => call.slice(0, calls?.[i]?.length))).toEqual(calls);
      const items = message.opaque?.items as Record<string, unknown>[] | undefined;
      expect(items?.map((item) => item.type ?? Object.keys(item)[0])).toEqual(opaque);
    }
    await server.stop();
  });

  it.each(Object.entries(FAILURES))('of %s are failures', async (name, expected) => {
    for (const stream of [false, true]) {
      const server = await startReplayServer(responsesOf(name));
      const request = asked(server.url, [{ role: 'user', content: 'Hello' }], { stream });
      expect(await askResponses(request).catch(classify)).toEqual(expected);
      await server.stop();
    }
  });

  it('are asked for as they were', async () => {
    const [recorded] = responsesOf('err_400_context_length_openai_responses');
    const server = await startReplayServer(recorded ? [recorded] : []);
    const { input } = bodyOf(recorded?.request.body);
    const messages = input.map((item): Message => {
      const { role, content } = item as { role: string; content: string };
      return role === 'user' ? { role, content } : { role: 'assistant', text: content };
    });
    await askResponses(asked(server.url, messages, { model: 'gpt-5-nano' })).catch(classify);
    expect(bodyOf(server.requests[0])).toEqual(bodyOf(recorded?.request.body));
    await server.stop();
  });
});
