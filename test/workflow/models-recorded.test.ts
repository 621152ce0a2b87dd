import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/agents/index.js';
import { chatsOf, messagesOf, normalised, type RecordedMessage } from '../support/recording.js';
import { startReplayServer, type ReplayServer } from '../support/replay-server.js';
import { describeShared, hasSharedData } from '../support/shared-data.js';
import { openStage } from '../support/stage.js';

type Name =
  | 'chat_hitl_parallel2'
  | 'chat_parallel4_loop5'
  | 'compat_mistral_parallel3'
  | 'compat_ollama_parallel3'
  | 'odd_tool_calls_without_id';

/** What the agent of a recording was told and asked. */
function opening(name: Name) {
  const [chat] = hasSharedData ? chatsOf(name) : [];
  const messages = chat ? messagesOf(chat) : [];
  const content = (role: string) => String(messages.find((message) => message.role === role)?.content ?? '');
  return { instructions: content('system'), question: content('user') };
}

/** A tool that gives the recorded outputs, in order. */
const tool = (input: z.ZodObject, ...outputs: unknown[]) =>
  defineTool({ description: 'Recorded', input, effect: 'write', run: () => outputs.shift() ?? null });
const agent = (name: Name, tools: Record<string, ReturnType<typeof tool>>) =>
  defineAgent({
    description: 'Recorded',
    instructions: opening(name).instructions,
    model: name,
    tools,
    // One at a time, so that the outputs go to the calls in their order.
    limits: { toolConcurrency: 1 },
  });

const none = z.object({});
const USED_UP = "Tool 'counting_tool' has reached its usage limit of 2 times and cannot be used anymore.";
const dice = tool(none, { roll: 1 }, { roll: 2 }, { roll: 3 });
const diceOfOllama = tool(none, '{roll: 1}', '{roll: 2}', '{roll: 3}');
const time = tool(none, 'Noon');
const remove = tool(z.object({ path: z.string() }), true);
const create = tool(z.object({ path: z.string() }), 'Success');
const count = tool(
  z.object({ value: z.string() }),
  'Counted: one',
  'Counted: two',
  ...Array.from({ length: 7 }, () => USED_UP),
);

/** Two recorded tools have the same name; a worker has each name once. */
const workers: Record<string, { names: Name[]; agents: Record<string, unknown> }> = {
  first: {
    names: [
      'chat_hitl_parallel2',
      'chat_parallel4_loop5',
      'compat_mistral_parallel3',
      'odd_tool_calls_without_id',
    ],
    agents: {
      dice_roll: dice,
      get_current_time: time,
      delete_file: remove,
      create_file: create,
      counting_tool: count,
      compat_mistral_parallel3: agent('compat_mistral_parallel3', { dice }),
      odd_tool_calls_without_id: agent('odd_tool_calls_without_id', { time }),
      chat_hitl_parallel2: agent('chat_hitl_parallel2', { remove, create }),
      chat_parallel4_loop5: agent('chat_parallel4_loop5', { count }),
    },
  },
  second: {
    names: ['compat_ollama_parallel3'],
    agents: {
      dice_roll: diceOfOllama,
      compat_ollama_parallel3: agent('compat_ollama_parallel3', { diceOfOllama }),
    },
  },
};

describeShared('an agent on recorded answers', () => {
  it.each(Object.keys(workers))('says what was recorded (%s worker)', async (worker) => {
    const { names, agents } = workers[worker] ?? { names: [], agents: {} };
    const replays = new Map<Name, ReplayServer>();
    for (const name of names) replays.set(name, await startReplayServer(chatsOf(name)));
    const models = [...replays].map(([name, { url }]) => [name, { model: name, baseUrl: url }]);
    const stage = await openStage(agents, () => Object.fromEntries(models));
    for (const [name, replay] of replays) {
      const { question } = opening(name);
      const { result } = await stage.case(question).ask(name);
      const sent = (replay.requests as { messages: RecordedMessage[] }[]).map(({ messages }) => messages);
      const ids = sent.flat().flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id));
      expect(ids.every((id) => /^[a-z0-9]{9}$/.test(id))).toBe(true);
      const final = JSON.parse(chatsOf(name).at(-1)?.response.body ?? '') as {
        choices: { message: { content: string } }[];
      };
      expect(result?.output).toBe(final.choices[0]?.message.content);
      if (name === 'chat_parallel4_loop5') expectCounting(sent);
      else expect(sent.map(normalised)).toEqual(chatsOf(name).map((chat) => normalised(messagesOf(chat))));
    }
    await stage.close();
    for (const replay of replays.values()) await replay.stop();
  });
});

/**
 * The client of this recording ran the first of four parallel calls and dropped the rest. An agent runs them all, so
 * that its requests have more in them; each answer is still there word for word, and each result under its call.
 */
function expectCounting(sent: readonly RecordedMessage[][]): void {
  const calls = ['one', 'two', 'three', 'four'].map((value) => `{"value": "${value}"}`);
  const last = sent.at(-1) ?? [];
  const asked = last.flatMap(({ tool_calls: list }) =>
    list ? [list.map((call) => call.function.arguments)] : [],
  );
  expect(asked).toEqual([calls, calls.slice(1), ['{"value":"three"}'], ['{"value":"four"}']]);
  const ids = last.flatMap(({ tool_calls: list = [] }) => list.map(({ id }) => id));
  expect(last.flatMap(({ tool_call_id: id }) => id ?? [])).toEqual(ids);
  expect(new Set(ids)).toHaveProperty('size', 9);
  const results = last.filter(({ role }) => role === 'tool').map(({ content }) => content);
  expect(results).toEqual(['Counted: one', 'Counted: two', ...Array.from({ length: 7 }, () => USED_UP)]);
  // Each request begins with the whole of the one before it.
  for (const [i, messages] of sent.entries()) expect(messages).toEqual(last.slice(0, messages.length || i));
}
