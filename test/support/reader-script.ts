import type { ChatRequest, ScriptEntry } from '../../src/testing/index.js';

/**
 * A model that calls the tool `read` once a turn for `pages` turns, each time with a text of its own, and then says what it
 * was asked to read. It answers by what it is shown, so any worker may ask it.
 */
export function readerScript(pages: number, args: object = {}): ScriptEntry {
  return {
    when: 'You are the reader.',
    times: Infinity,
    reply: (request) => {
      const turn = turnsOf(request);
      return turn < pages
        ? {
            text: `note ${turn} on ${titleOf(request)}`,
            calls: [{ tool: 'read', args: { page: turn, ...args } }],
          }
        : `read ${titleOf(request)}`;
    },
  };
}

export function turnsOf({ messages }: ChatRequest): number {
  return messages.filter(({ role }) => role === 'assistant').length;
}

export function titleOf({ messages }: ChatRequest): string {
  return String(messages.find(({ role }) => role === 'user')?.content);
}

/** Checks that each request for a title is the one before it and what came since: nothing lost, doubled or changed. */
export function expectOneConversation(
  requests: readonly ChatRequest[],
  title: string,
): ChatRequest['messages'] {
  const mine = requests.filter((request) => titleOf(request) === title);
  const longest = mine.reduce((a, b) => (b.messages.length > a.messages.length ? b : a)).messages;
  for (const { messages } of mine) expect(messages).toEqual(longest.slice(0, messages.length));
  return longest;
}
