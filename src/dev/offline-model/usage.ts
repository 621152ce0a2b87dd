import type { ModelRequest } from './request.js';
import type { Reply } from './responder.js';

/** A common rule of thumb for English text. */
const CHARS_PER_TOKEN = 4;

/** Tokens of a text, estimated. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}

/** What a provider would count, estimated: all that was sent, schemas and tools included, and all that came back. */
export function usageOf({ messages, tools, response_format }: ModelRequest, reply: Reply) {
  const prompt = estimateTokens(JSON.stringify({ messages, tools, response_format }));
  const said = reply.kind === 'text' ? reply.text : JSON.stringify(reply.calls);
  const completion = estimateTokens(said);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
