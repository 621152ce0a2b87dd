import { z } from 'zod';
import type { ModelMessage, ModelRequest, OfferedTool } from '../../../../src/dev/offline-model/request.js';
import { reply } from '../../../../src/dev/offline-model/responder.js';
import type { ToolCall } from '../../../../src/dev/offline-model/tool-caller.js';

export interface Question {
  instructions?: string;
  tools?: OfferedTool[];
  tool_choice?: ModelRequest['tool_choice'];
}

/** What the model answers to a user's message, as `schema` wants it. */
export function ask<T extends z.ZodType>(schema: T, input: unknown, question: Question = {}): z.output<T> {
  const said = reply({ ...requestFor(input, question), response_format: formatOf(schema) });
  if (said.kind !== 'text') throw new Error(`calls instead of an answer: ${JSON.stringify(said.calls)}`);
  return schema.parse(JSON.parse(said.text));
}

/** What the model answers to a user's message in words. */
export function askText(input: unknown, question: Question = {}): string {
  const said = reply(requestFor(input, question));
  return said.kind === 'text' ? said.text : JSON.stringify(said.calls);
}

export function requestFor(input: unknown, { instructions = 'Answer.', ...rest }: Question): ModelRequest {
  const content = typeof input === 'string' ? input : JSON.stringify(input);
  return {
    messages: [
      { role: 'system', content: instructions },
      { role: 'user', content },
    ],
    ...rest,
  };
}

export function formatOf(schema: z.ZodType) {
  return { type: 'json_schema', json_schema: { name: 'answer', schema: z.toJSONSchema(schema) } };
}

export function tool(name: string, description: string, parameters: z.ZodType = z.object({})): OfferedTool {
  return { function: { name, description, parameters: z.toJSONSchema(parameters) } };
}

/** The messages of a round: calls, and their results in the same order. */
export function round(calls: readonly ToolCall[], results: readonly unknown[]): ModelMessage[] {
  return [
    {
      role: 'assistant',
      content: null,
      tool_calls: calls.map(({ name, arguments: args }, index) => ({
        id: `call${index}`,
        function: { name, arguments: JSON.stringify(args) },
      })),
    },
    ...results.map((result, index) => ({
      role: 'tool',
      tool_call_id: `call${index}`,
      content: typeof result === 'string' ? result : JSON.stringify(result),
    })),
  ];
}

/** Lets the model call `handlers` until it answers; gives the calls of each round. */
export function converse(
  request: ModelRequest,
  handlers: Record<string, (args: never) => unknown>,
): ToolCall[][] {
  const rounds: ToolCall[][] = [];
  const messages = [...request.messages];
  for (
    let said = reply({ ...request, messages });
    said.kind === 'calls';
    said = reply({ ...request, messages })
  ) {
    rounds.push(said.calls);
    messages.push(
      ...round(
        said.calls,
        said.calls.map((call) => handlers[call.name]?.(call.arguments as never)),
      ),
    );
    if (rounds.length > 10) throw new Error('the model never answers');
  }
  return rounds;
}
