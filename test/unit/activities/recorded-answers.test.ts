import type { Message } from '../../../src/agents/message.js';
import { askChatCompletions } from '../../../src/activities/models/chat-completions.js';
import { classify } from '../../../src/activities/models/classify.js';
import {
  chatsOf,
  interactionsOf,
  messagesOf,
  normalised,
  type Interaction,
  type RecordedMessage,
} from '../../support/recording.js';
import { startReplayServer } from '../../support/replay-server.js';
import { describeShared } from '../../support/shared-data.js';
import { modelRequest } from './model-request.js';

/** Calls as `tool(arguments)`. */
interface Expected {
  text?: string;
  calls?: string[];
  refusal?: string;
  usage: object;
  finish?: 'stop' | 'length';
}

const tokens = (input: number, output: number, more: object = {}) => ({ input, output, ...more });

/** By recording: what each of its answers means. A text is given by its start. */
const ANSWERS: Record<string, Expected[]> = {
  chat_hierarchical_crew_delegation: [
    {
      calls: [
        'ask_question_to_coworker({"question": "What are 5 interesting and current topics',
        'ask_question_to_coworker({"question": "Once we have a list of 5 interesting topics',
      ],
      usage: tokens(476, 239),
    },
    { text: 'Absolutely! Once you share the list of five topics, I’ll cra', usage: tokens(213, 75) },
    { text: 'Here are five engaging and current topics related to AI', usage: tokens(210, 373) },
    {
      calls: ['delegate_work_to_coworker({"task":"Create a compelling paragraph highlight'],
      usage: tokens(1233, 188),
    },
    { text: '1) The Rise of Autonomous AI Agents', usage: tokens(575, 622) },
    { text: '- **The Rise of Autonomous AI Agents', usage: tokens(2091, 634, { cached: 1408 }) },
  ],
  chat_hitl_parallel2: [
    {
      calls: ['delete_file({"path": ".env"})', 'create_file({"path": "test.txt"})'],
      usage: tokens(71, 46),
    },
    {
      text: 'The file `.env` has been deleted and `test.txt` has been created successfully.',
      usage: tokens(133, 19),
    },
  ],
  chat_parallel4_loop5: [
    {
      calls: ['one', 'two', 'three', 'four'].map((word) => `counting_tool({"value": "${word}"})`),
      usage: tokens(172, 76),
    },
    {
      calls: ['two', 'three', 'four'].map((word) => `counting_tool({"value": "${word}"})`),
      usage: tokens(235, 61),
    },
    { calls: ['counting_tool({"value":"three"})'], usage: tokens(298, 15) },
    { calls: ['counting_tool({"value":"four"})'], usage: tokens(378, 15) },
    { text: 'Counted: one  \nCounted: two  \nTool', usage: tokens(458, 54) },
  ],
  chat_planning_json_schema_tools_loop15: [
    { calls: ['create_reasoning_plan({"plan":"Research the current developments'], usage: tokens(456, 94) },
    { calls: ['exa_search_tool({"search_query":"recent developments'], usage: tokens(264, 53) },
    { text: 'Here is a summary of recent developments', usage: tokens(18009, 618) },
    { text: '{"step_completed_successfully":true', usage: tokens(1378, 96) },
    { text: 'Step 2: Summarize the key findings', usage: tokens(145, 45) },
    {
      calls: [
        'exa_search_tool({"search_query": "2025 autonomous AI agents learning capabilities"',
        'exa_search_tool({"search_query": "2025 autonomous AI agents tool integration"',
        'exa_search_tool({"search_query": "2025 autonomous AI agents governance ethical concerns"',
      ],
      usage: tokens(913, 215),
    },
    { text: '### Key Findings on Autonomous AI Agents', usage: tokens(64273, 675) },
    { text: '{"step_completed_successfully":true', usage: tokens(1518, 98) },
    { text: 'Step 1: Conduct a comprehensive assessment', usage: tokens(133, 154) },
    { text: '{"topic":"Current State of Autonomous AI Agents in 2025"', usage: tokens(1565, 222) },
  ],
  compat_mistral_parallel3: [
    { calls: ['dice_roll({})', 'dice_roll({})', 'dice_roll({})'], usage: tokens(109, 19) },
    { text: 'Here are the results of rolling the dice 3 times: [1, 2, 3].', usage: tokens(149, 22) },
  ],
  compat_ollama_parallel3: [
    { calls: ['dice_roll({})', 'dice_roll({})', 'dice_roll({})'], usage: tokens(152, 134) },
    { text: 'The dice rolls resulted in:\n1. Roll 1: 1', usage: tokens(323, 157) },
  ],
  // Gemini leaves its reasoning out of the completion's tokens: 109 and 100 in all.
  odd_tool_calls_without_id: [
    { calls: ['get_current_time({})'], usage: tokens(35, 74, { reasoning: 62 }) },
    { text: 'The current time is Noon.', usage: tokens(66, 34, { reasoning: 28 }) },
  ],
  finish_length_chat: [
    { text: '**Title: The Last Ember of Eldoria**\n\n', usage: tokens(16, 10), finish: 'length' },
  ],
  json_schema_refusal: Array.from({ length: 3 }, () => ({
    refusal: "I'm very sorry, but I can't assist with that request.",
    usage: tokens(65, 13),
  })),
};

interface ExpectedFailure {
  code: string;
  status?: number;
  retryAfter?: number;
  maybePaid?: true;
  message: string;
}

/** By recording: what its failure means. The Responses API's bodies are those of chat completions. */
const FAILURES: Record<string, ExpectedFailure> = {
  err_400_context_length_openai_responses: {
    code: 'ContextOverflow',
    status: 400,
    message: 'Your input exceeds the context window of this model.',
  },
  err_400_model_not_found_responses: {
    code: 'BadRequest',
    status: 400,
    message: "The requested model 'this-model-does-not-exist' does not exist.",
  },
  err_400_unsupported_max_tokens: {
    code: 'BadRequest',
    status: 400,
    message: "Use 'max_completion_tokens' instead.",
  },
  err_401_openai_chat: {
    code: 'Unauthorized',
    status: 401,
    message: 'Incorrect API key provided: <not-a-r****key>.',
  },
  err_404_model_not_found_chat: {
    code: 'BadRequest',
    status: 404,
    message: 'The model `this-model-does-not-exist` does not exist or you do not have access to it.',
  },
  err_429_azure_retry_after_1_ms_0: {
    code: 'RateLimited',
    status: 429,
    retryAfter: 1000,
    message: 'in westeurope have exceeded rate limit.',
  },
  // Recorded with another endpoint; the failure's form is the same for all of them.
  err_500_then_200_openai: {
    code: 'ProviderDown',
    status: 500,
    message: 'The server had an error processing your request.',
  },
  // A stream where none was asked for: it is told apart from an answer. Its error object comes below.
  err_sse_openrouter_midstream: {
    code: 'ProviderDown',
    maybePaid: true,
    message: 'the answer is not a JSON object',
  },
};

const QUESTION: Message[] = [{ role: 'user', content: 'Hello' }];

/** Those of the Responses API are in recorded-responses.test.ts. */
describeShared('recorded answers', () => {
  it.each(Object.entries(ANSWERS))('of %s are read', async (name, expected) => {
    const chats = chatsOf(name);
    expect(chats).toHaveLength(expected.length);
    const server = await startReplayServer(chats);
    for (const { text, calls, refusal, usage, finish = 'stop' } of expected) {
      const answer = await askChatCompletions(modelRequest(server.url, QUESTION));
      expect(answer).toMatchObject({ finish, offline: false });
      expect(answer.usage).toEqual(usage);
      expect(answer.message.text?.slice(0, text?.length)).toBe(text);
      expect(answer.message.refusal).toBe(refusal);
      const got = answer.message.calls?.map(({ tool, arguments: args }) => `${tool}(${args})`);
      expect(got?.map((call, i) => call.slice(0, calls?.[i]?.length))).toEqual(calls);
    }
    await server.stop();
  });

  it.each(Object.entries(FAILURES))('of %s are failures', async (name, { message, ...expected }) => {
    const server = await startReplayServer(interactionsOf(name));
    const failure = await askChatCompletions(modelRequest(server.url, QUESTION)).catch(classify);
    await server.stop();
    expect(failure).toEqual({ ...expected, message: expect.stringContaining(message) });
  });

  it('in the body of a 200 are failures of the status that they claim', async () => {
    const [stream] = chatsOf('err_sse_openrouter_midstream');
    const chunk = /^data: (\{.*"error":.*)$/m.exec(stream?.response.body ?? '')?.[1] ?? '';
    const headers = { 'content-type': 'application/json' };
    const whole = { request: { url: '', body: null }, response: { status: 200, headers, body: chunk } };
    const server = await startReplayServer([whole satisfies Interaction]);
    const failure = await askChatCompletions(modelRequest(server.url, QUESTION)).catch(classify);
    await server.stop();
    expect(failure).toEqual({ code: 'BadRequest', status: 400, message: 'Token limit reached' });
  });
});

describeShared('recorded conversations', () => {
  /** Other agents' messages in them, or calls that the recorded client left out, make no difference here. */
  it.each(Object.keys(ANSWERS))('of %s are sent as they were', async (name) => {
    const chats = chatsOf(name);
    const server = await startReplayServer(chats);
    for (const [i, chat] of chats.entries()) {
      const recorded = messagesOf(chat);
      const [first, ...rest] = recorded;
      const instructions = first?.role === 'system' ? first.content : '';
      const messages = instructions === '' ? recorded : rest;
      // One recorded agent is told who it is a second time, in the middle.
      if (messages.some(({ role }) => role === 'system')) {
        server.requests.push(null);
        continue;
      }
      await askChatCompletions(
        modelRequest(server.url, transcriptOf(messages), { instructions: String(instructions) }),
      );
      const sent = server.requests[i] as { messages: RecordedMessage[] };
      expect(normalised(sent.messages)).toEqual(normalised(recorded));
    }
    await server.stop();
  });
});

function transcriptOf(messages: readonly RecordedMessage[]): Message[] {
  let asked: string[] = [];
  return messages.map(({ role, content = null, tool_calls: calls, tool_call_id: answered = '' }) => {
    if (role === 'user') return { role, content };
    if (role === 'tool') return { role, call: asked.indexOf(answered), tool: 'any', content };
    asked = calls?.map(({ id }) => id) ?? [];
    return {
      role: 'assistant',
      ...(content ? { text: String(content) } : {}),
      ...(calls
        ? { calls: calls.map((call) => ({ tool: call.function.name, arguments: call.function.arguments })) }
        : {}),
    };
  });
}
