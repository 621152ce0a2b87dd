import { z } from 'zod';
import type { RecordedMessage } from './recordings.js';

const WireMessage = z.strictObject({
  role: z.string(),
  content: z.string().nullable(),
  tool_calls: z
    .array(
      z.strictObject({
        id: z.string(),
        type: z.literal('function'),
        function: z.strictObject({ name: z.string(), arguments: z.string() }),
      }),
    )
    .optional(),
  tool_call_id: z.string().optional(),
});

export const WireRequest = z.object({ model: z.string(), messages: z.array(WireMessage) });
export type WireRequest = z.infer<typeof WireRequest>;

/**
 * Where a request's messages differ from the beginning of a recording; undefined where they do not. Only the ids of calls may: each
 * must be new, and each result under the id of the call that stands in its place.
 */
export function firstDifference(
  { messages }: WireRequest,
  recorded: readonly RecordedMessage[],
): string | undefined {
  const ids = new Set<string>();
  let asked: readonly string[] = []; // ids of the calls that the messages to come answer, in order
  for (const [place, message] of messages.entries()) {
    const { role, content, tool_calls: calls = [], tool_call_id: answered } = message;
    const expected = recorded[place];
    const differs = (what: string, is: unknown, should: unknown) =>
      `message ${place}: ${what} is ${JSON.stringify(is)}, recorded ${JSON.stringify(should)}`;
    if (!expected) return `message ${place}: the recording has ${recorded.length} messages`;
    if (role !== expected.role) return differs('role', role, expected.role);
    if (content !== expected.content) return differs('content', content, expected.content);
    const said = calls.map(({ function: { name, arguments: args } }) => [name, args]);
    const should = (expected.tool_calls ?? []).map(({ function: { name, arguments: args } }) => [name, args]);
    if (JSON.stringify(said) !== JSON.stringify(should)) return differs('calls', said, should);
    for (const { id } of calls) {
      if (ids.has(id)) return `message ${place}: the id ${id} was given before`;
      ids.add(id);
    }
    if (role !== 'tool') {
      if (asked.length > 0) return `message ${place}: ${asked.length} calls before it have no result`;
      asked = calls.map(({ id }) => id);
      continue;
    }
    const [id, ...rest] = asked;
    if (answered !== id) return differs('tool_call_id', answered, id);
    asked = rest;
  }
  const next = recorded[messages.length];
  if (next && next.role !== 'assistant') return `the recording goes on with a message of role ${next.role}`;
  return asked.length > 0 ? `${asked.length} calls have no result` : undefined;
}
