import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { Message } from '../../agents/message.js';
import type { Model } from '../../agents/models.js';
import { portable } from './json-schema.js';
import type { ModelRequest } from './model.js';
import { argumentsOnWire, nameOnWire, rendered, resultOnWire, schemaInWords, textOnWire } from './on-wire.js';

/** The body of a chat completions request. */
export function chatRequest(request: ModelRequest): ChatCompletionCreateParamsNonStreaming {
  const { model, tools, output, outputTokens, temperature } = request;
  return {
    model: model.model,
    messages: [...systemOf(request), ...rendered(request, messageOf)],
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

function systemOf(request: ModelRequest): ChatCompletionMessageParam[] {
  const content = [request.instructions, schemaInWords(request)].filter((text) => text !== '').join('\n\n');
  return content === '' ? [] : [{ role: 'system', content }];
}

function formatOf(model: Model, output: NonNullable<ModelRequest['output']>) {
  if (model.structuredOutput === 'json_object') return { type: 'json_object' as const };
  return {
    type: 'json_schema' as const,
    json_schema: { name: output.name, schema: output.json, strict: output.strict },
  };
}

function messageOf(message: Message, callId: (call: number) => string): ChatCompletionMessageParam[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: textOnWire(message.content) }];
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
    case 'tool':
      return [{ role: 'tool', tool_call_id: callId(message.call), content: resultOnWire(message) }];
  }
}
