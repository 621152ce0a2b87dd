import type { Answer } from './reply.js';
import type { ChatRequest } from './scripted-model.js';

/** A response of the Responses API that carries the answer. Tokens are counted as a quarter of the characters. */
export function responseOf(request: ChatRequest, answer: Answer): object {
  const output = itemsOf(answer);
  const [input, said] = [tokens(request.messages), tokens(output)];
  const cut = CUTS[finishOf(answer)];
  return {
    ...frameOf(request),
    status: cut ? 'incomplete' : 'completed',
    incomplete_details: cut ? { reason: cut } : null,
    output,
    usage: { input_tokens: input, output_tokens: said, total_tokens: input + said },
  };
}

/** The same answer as the events of a stream: what it says, and its end. */
export function eventsOf(request: ChatRequest, answer: Answer): { said: string[]; end: string[] } {
  const end = responseOf(request, answer);
  const type = 'status' in end && end.status === 'incomplete' ? 'response.incomplete' : 'response.completed';
  return {
    said: [
      event('response.created', { response: { ...frameOf(request), status: 'in_progress', output: [] } }),
      ...itemsOf(answer).flatMap((item, index) => [
        event('response.output_item.added', {
          output_index: index,
          item: { ...item, status: 'in_progress' },
        }),
        ...deltaOf(item, index),
        event('response.output_item.done', { output_index: index, item }),
      ]),
    ],
    end: [event(type, { response: end })],
  };
}

/** Why an answer is incomplete, by the reason of its end in chat completions. */
const CUTS: Readonly<Record<string, string>> = {
  length: 'max_output_tokens',
  content_filter: 'content_filter',
};

interface Item {
  id: string;
  type: string;
  arguments?: string;
  [key: string]: unknown;
}

function itemsOf(answer: Answer): Item[] {
  if (typeof answer === 'string')
    return [messageItem({ type: 'output_text', text: answer, annotations: [] })];
  const { reasoning } = answer;
  return [
    ...(reasoning === undefined
      ? []
      : [{ id: `rs_${reasoning}`, type: 'reasoning', encrypted_content: reasoning, summary: [] }]),
    ...saidIn(answer),
  ];
}

function saidIn(answer: Exclude<Answer, string>): Item[] {
  if ('refusal' in answer) return [messageItem({ type: 'refusal', refusal: answer.refusal })];
  const text = 'json' in answer ? JSON.stringify(answer.json) : answer.text;
  const calls = 'calls' in answer ? answer.calls : [];
  return [
    ...(text === undefined ? [] : [messageItem({ type: 'output_text', text, annotations: [] })]),
    ...calls.map(({ tool, args = {} }, i) => ({
      id: `fc_${i}`,
      type: 'function_call',
      call_id: `call_${i}`,
      name: tool,
      arguments: typeof args === 'string' ? args : JSON.stringify(args),
      status: 'completed',
    })),
  ];
}

function messageItem(part: object): Item {
  return { id: 'msg_scripted', type: 'message', role: 'assistant', status: 'completed', content: [part] };
}

function deltaOf({ id, type, arguments: args = '' }: Item, index: number): string[] {
  if (type !== 'function_call') return [];
  return [event('response.function_call_arguments.delta', { item_id: id, output_index: index, delta: args })];
}

function finishOf(answer: Answer): string {
  return (typeof answer === 'object' && 'finish' in answer ? answer.finish : undefined) ?? 'stop';
}

function frameOf({ model }: ChatRequest): object {
  return { id: 'resp_scripted', object: 'response', created_at: 0, model, error: null };
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function tokens(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / 4);
}
