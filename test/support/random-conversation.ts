import fc from 'fast-check';
import type { Message } from '../../src/agents/message.js';

const text = (maxLength: number) => fc.string({ minLength: 1, maxLength });

const given = fc.record({
  role: fc.constant('user' as const),
  content: text(400),
  pinned: fc.option(fc.constant(true as const), { nil: undefined, freq: 5 }),
});

/** A turn: calls with all of their results, or an answer, which may be repaired. */
const turn = fc.oneof(
  fc
    .record({ args: text(60), results: fc.array(text(2500), { minLength: 1, maxLength: 3 }) })
    .map(({ args, results }): Message[] => [
      {
        role: 'assistant',
        calls: results.map(() => ({ tool: 'search', arguments: JSON.stringify({ args }) })),
      },
      ...results.map((content, call): Message => ({ role: 'tool', call, tool: 'search', content })),
    ]),
  text(600).map((answer): Message[] => [
    { role: 'assistant', text: answer },
    { role: 'user', content: 'Answer again, corrected.', repair: true },
  ]),
);

/** A call of an agent: context and input, turns, and maybe the answer. */
const call = fc
  .record({
    said: fc.array(given, { minLength: 1, maxLength: 2 }),
    turns: fc.array(turn, { maxLength: 8 }),
    answer: text(300),
  })
  .map(({ said, turns, answer }): Message[] => [
    ...said.map(({ pinned, ...message }): Message => (pinned ? { ...message, pinned } : message)),
    ...turns.flat(),
    { role: 'assistant', text: answer },
  ]);

/** Conversations as they stand before a turn: after calls of agents, in the middle of one. */
export const conversations: fc.Arbitrary<Message[]> = fc
  .record({
    calls: fc.array(call, { maxLength: 4 }),
    input: text(300),
    turns: fc.array(turn, { maxLength: 10 }),
  })
  .map(({ calls, input, turns }) => [
    ...calls.flat(),
    { role: 'user' as const, content: input },
    ...turns.flat(),
  ]);
