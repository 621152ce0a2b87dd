import { z } from 'zod';
import { sharedJson } from './shared-data.js';

const RecordedMessage = z.looseObject({
  role: z.string(),
  content: z.json().optional(),
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
    .optional(),
});
export type RecordedMessage = z.infer<typeof RecordedMessage>;

const Interaction = z.object({
  request: z.object({ url: z.string(), body: z.unknown() }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
});
export type Interaction = z.infer<typeof Interaction>;

/** All exchanges of a recording, in order. */
export function interactionsOf(name: string): Interaction[] {
  return z.object({ interactions: z.array(Interaction) }).parse(sharedJson(`model-wire/${name}.json`))
    .interactions;
}

/** The exchanges of a recording with a chat completions API; others in it are with tools and tracing services. */
export function chatsOf(name: string): Interaction[] {
  return interactionsOf(name).filter(({ request }) => request.url.includes('/chat/completions'));
}

/** The messages that a recorded request sent. */
export function messagesOf({ request }: Interaction): RecordedMessage[] {
  return z.object({ messages: z.array(RecordedMessage) }).parse(request.body).messages;
}

/**
 * Messages in a form in which two requests that say the same are equal: ids by the order of the calls, a result under
 * the id that it answers, content that is null, empty or absent as null.
 */
export function normalised(messages: readonly RecordedMessage[]): unknown[] {
  const ids = new Map<string, number>();
  return messages.map(({ role, content, tool_call_id: answered, tool_calls: calls }) => ({
    role,
    content: content === undefined || content === '' ? null : content,
    ...(calls
      ? {
          calls: calls.map(({ id, function: { name, arguments: args } }) => {
            ids.set(id, ids.size);
            return { call: ids.get(id), name, args };
          }),
        }
      : {}),
    ...(answered === undefined ? {} : { answers: ids.get(answered) }),
  }));
}
