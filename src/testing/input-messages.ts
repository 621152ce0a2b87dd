import type { ChatRequest } from './scripted-model.js';

interface InputItem {
  type?: string;
  role?: string;
  content?: unknown;
  call_id?: string;
  name?: string;
  arguments?: string;
  output?: unknown;
}

/** The instructions and the input of a Responses API request as the messages that a chat completions request would have. */
export function inputMessages(instructions: unknown, input: unknown): ChatRequest['messages'] {
  const items = Array.isArray(input) ? (input as InputItem[]) : [{ role: 'user', content: input }];
  return [
    ...(instructions === undefined ? [] : [{ role: 'system', content: instructions }]),
    ...items.flatMap(
      ({ type, role, content, call_id: id = '', name, arguments: args, output }: InputItem) => {
        if (role !== undefined) return [{ role, content }];
        if (type === 'function_call_output') return [{ role: 'tool', tool_call_id: id, content: output }];
        if (type !== 'function_call') return [];
        const call = { id, type: 'function', function: { name, arguments: args } };
        return [{ role: 'assistant', content: null, tool_calls: [call] }];
      },
    ),
  ];
}
