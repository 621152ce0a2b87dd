import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { Json } from '../../agents/json.js';
import type { Message } from '../../agents/message.js';
import type { Model } from '../../agents/models.js';
import { readArguments } from '../../agents/tool-arguments.js';
import { isObject, portable } from './json-schema.js';
import type { ModelRequest } from './model.js';

/** The body of a chat completions request. */
export function chatRequest(request: ModelRequest): ChatCompletionCreateParamsNonStreaming {
  const { model, tools, output, outputTokens, temperature } = request;
  return {
    model: model.model,
    messages: [...systemOf(request), ...messagesOf(request)],
    ...(tools.length > 0
      ? {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function' as const,
            function: { name, description, parameters: { ...portable(parameters) } },
          })),
        }
      : {}),
    ...(output ? { response_format: formatOf(model, output) } : {}),
    ...(outputTokens === undefined
      ? {}
      : { [model.outputLimitParameter ?? 'max_completion_tokens']: outputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(model.reasoningEffort === undefined ? {} : { reasoning_effort: model.reasoningEffort }),
  };
}

function systemOf({ instructions, model, output }: ModelRequest): ChatCompletionMessageParam[] {
  // Providers without json_schema hear of the schema in words.
  const format =
    output && model.structuredOutput === 'json_object'
      ? `Answer with one JSON object that fits this JSON schema:\n${JSON.stringify(output.json)}`
      : '';
  const content = [instructions, format].filter((text) => text !== '').join('\n\n');
  return content === '' ? [] : [{ role: 'system', content }];
}

function formatOf(model: Model, output: NonNullable<ModelRequest['output']>) {
  if (model.structuredOutput === 'json_object') return { type: 'json_object' as const };
  return {
    type: 'json_schema' as const,
    json_schema: { name: output.name, schema: output.json, strict: output.strict },
  };
}

function messagesOf({ conversation, callId }: ModelRequest): ChatCompletionMessageParam[] {
  let asking = 0; // place of the assistant message that the tool messages after it answer
  return conversation.messages.flatMap((message, place) => {
    if (message.role === 'assistant') asking = place;
    return messageOf(message, (call) => callId(asking, call));
  });
}

function messageOf(message: Message, callId: (call: number) => string): ChatCompletionMessageParam[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: textOf(message.content) }];
    case 'assistant': {
      const { text, calls, refusal } = message;
      // Providers reject an assistant message that says nothing; the repair after it tells what was wrong.
      if (text === undefined && !calls && refusal === undefined) return [];
      return [
        {
          role: 'assistant',
          content: text ?? null,
          ...(refusal === undefined ? {} : { refusal }),
          ...(calls
            ? {
                tool_calls: calls.map((call, i) => ({
                  id: callId(i),
                  type: 'function' as const,
                  function: { name: nameOnWire(call.tool), arguments: argumentsOnWire(call.arguments) },
                })),
              }
            : {}),
        },
      ];
    }
    case 'tool': {
      const text = textOf(message.content);
      return [
        {
          role: 'tool',
          tool_call_id: callId(message.call),
          content: message.isError ? `Error: ${text}` : text,
        },
      ];
    }
  }
}

function textOf(content: Json): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** A name that a model made up may hold what providers reject in a request, such as the dot of `functions.find`. */
function nameOnWire(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'unknown';
}

/**
 * Arguments that a provider can read: vLLM and gateways to other APIs parse those of earlier messages, and fail the
 * request where they are not a JSON object.
 */
function argumentsOnWire(text: string): string {
  const value = readArguments(text);
  if (!isObject(value)) return JSON.stringify({ invalid_arguments: text });
  return text.trim() === '' ? '{}' : text;
}
