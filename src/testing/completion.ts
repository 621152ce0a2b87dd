import type { Answer } from './reply.js';
import type { ChatRequest } from './scripted-model.js';

/** A chat completion that carries the answer. Tokens are counted as a quarter of the characters. */
export function completionOf(request: ChatRequest, answer: Answer): object {
  const message = wholeOf(answer);
  return {
    ...frameOf(request, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: finishOf(answer), logprobs: null }],
    usage: usageOf(request, message),
  };
}

/** The same answer as the pieces of a stream: what it says, and its end. */
export function chunksOf(request: ChatRequest, answer: Answer): { said: object[]; end: object[] } {
  const chunk = (more: object) => ({ ...frameOf(request, 'chat.completion.chunk'), ...more });
  const piece = (delta: object, finish: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }] });
  const { content, refusal, tool_calls: calls = [] } = messageOf(answer);
  const wantsUsage = (request.stream_options as { include_usage?: boolean } | undefined)?.include_usage;
  return {
    said: [
      piece({ role: 'assistant', content: '', refusal: null }),
      ...halves(content).map((text) => piece({ content: text })),
      ...halves(refusal).map((text) => piece({ refusal: text })),
      ...calls.flatMap(({ function: { name, arguments: args }, ...call }, index) => [
        piece({ tool_calls: [{ index, ...call, function: { name, arguments: '' } }] }),
        ...halves(args).map((text) => piece({ tool_calls: [{ index, function: { arguments: text } }] })),
      ]),
    ],
    end: [
      piece({}, finishOf(answer)),
      ...(wantsUsage ? [chunk({ choices: [], usage: usageOf(request, wholeOf(answer)) })] : []),
    ],
  };
}

function wholeOf(answer: Answer): object {
  return { role: 'assistant', content: null, refusal: null, ...messageOf(answer) };
}

interface WireMessage {
  content?: string;
  refusal?: string;
  tool_calls?: { id: string; type: string; function: { name: string; arguments: string } }[];
}

function messageOf(answer: Answer): WireMessage {
  if (typeof answer === 'string') return { content: answer };
  if ('json' in answer) return { content: JSON.stringify(answer.json) };
  if ('refusal' in answer) return { refusal: answer.refusal };
  if (!('calls' in answer)) return { content: answer.text };
  const calls = answer.calls.map(({ tool, args = {} }, i) => ({
    id: `call_${i}`,
    type: 'function',
    function: { name: tool, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
  }));
  return { ...(answer.text === undefined ? {} : { content: answer.text }), tool_calls: calls };
}

function finishOf(answer: Answer): string {
  if (typeof answer === 'string') return 'stop';
  if ('finish' in answer && answer.finish !== undefined) return answer.finish;
  return 'calls' in answer ? 'tool_calls' : 'stop';
}

function frameOf({ model }: ChatRequest, object: string): object {
  return { id: 'scripted', object, created: 0, model };
}

function usageOf({ messages }: ChatRequest, message: object): object {
  const [prompt, completion] = [tokens(messages), tokens(message)];
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function halves(text = ''): string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '');
}

function tokens(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / 4);
}
