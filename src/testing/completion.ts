import type { ChatRequest, Reply } from './scripted-model.js';

type Answer = Exclude<Reply, { status: number } | { hang: unknown } | { reset: true }>;

/** A chat completion that carries the reply. Tokens are counted as a quarter of the characters. */
export function completionOf({ model, messages }: ChatRequest, reply: Answer): object {
  const message = messageOf(reply);
  const prompt = tokens(messages);
  const completion = tokens(message);
  const finish = typeof reply === 'object' && 'finish' in reply ? reply.finish : undefined;
  return {
    id: 'scripted',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message,
        finish_reason: finish ?? ('tool_calls' in message ? 'tool_calls' : 'stop'),
        logprobs: null,
      },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  };
}

function messageOf(reply: Answer): object {
  const base = { role: 'assistant', content: null, refusal: null };
  if (typeof reply === 'string') return { ...base, content: reply };
  if ('json' in reply) return { ...base, content: JSON.stringify(reply.json) };
  if ('refusal' in reply) return { ...base, refusal: reply.refusal };
  if (!('calls' in reply)) return { ...base, content: reply.text };
  const calls = reply.calls.map(({ tool, args = {} }, i) => ({
    id: `call_${i}`,
    type: 'function',
    function: { name: tool, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
  }));
  return { ...base, content: reply.text ?? null, tool_calls: calls };
}

function tokens(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / 4);
}
