import type OpenAI from 'openai';
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { Json } from '../../agents/json.js';
import type { AssistantMessage, Message } from '../../agents/message.js';
import type { Model } from '../../agents/models.js';
import type { Usage } from '../../agents/usage.js';
import type { AskModel, ModelAnswer, ModelRequest } from './model.js';
import { AnswerError } from './answer-error.js';
import { clientFor } from './openai-client.js';

/** A model behind OpenAI's chat completions API, or one that is compatible with it. */
export const askChatCompletions: AskModel = async (request) => {
  const { data, response } = await clientFor(request.model)
    .chat.completions.create(bodyOf(request), { signal: request.signal, timeout: request.timeout })
    .withResponse();
  const answer = answerOf(data);
  return { ...answer, offline: response.headers.has('x-baton-offline-model') };
};

function bodyOf(request: ModelRequest): ChatCompletionCreateParamsNonStreaming {
  const { model, tools, output, outputTokens, temperature } = request;
  return {
    model: model.model,
    messages: [{ role: 'system', content: systemOf(request) }, ...messagesOf(request)],
    ...(tools.length > 0
      ? {
          tools: tools.map(({ name, tool, parameters }) => ({
            type: 'function' as const,
            function: { name, description: tool.spec.description, parameters },
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

function systemOf({ instructions, model, output }: ModelRequest): string {
  // Providers without json_schema hear of the schema in words.
  return output && model.structuredOutput === 'json_object'
    ? `${instructions}\n\nAnswer with one JSON object that fits this JSON schema:\n${JSON.stringify(output.json)}`
    : instructions;
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
  return conversation.messages.map((message, place) => {
    if (message.role === 'assistant') asking = place;
    return messageOf(message, (call) => callId(asking, call));
  });
}

function messageOf(message: Message, callId: (call: number) => string): ChatCompletionMessageParam {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: textOf(message.content) };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.text ?? null,
        ...(message.refusal === undefined ? {} : { refusal: message.refusal }),
        ...(message.calls
          ? {
              tool_calls: message.calls.map((call, i) => ({
                id: callId(i),
                type: 'function' as const,
                function: { name: call.tool, arguments: call.arguments },
              })),
            }
          : {}),
      };
    case 'tool': {
      const text = textOf(message.content);
      return {
        role: 'tool',
        tool_call_id: callId(message.call),
        content: message.isError ? `Error: ${text}` : text,
      };
    }
  }
}

function textOf(content: Json): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** Reads an answer leniently: compatible providers leave out what OpenAI always sends. */
function answerOf(completion: ChatCompletion): Omit<ModelAnswer, 'offline'> {
  const body: { choices?: unknown; error?: unknown } = completion;
  if (body.error !== undefined && body.error !== null) throw new AnswerError(body.error);
  const choice = Array.isArray(body.choices) ? completion.choices[0] : undefined;
  if (!choice?.message) throw new AnswerError({ message: 'the answer has no choices' });
  const { content, refusal, tool_calls: toolCalls } = choice.message;
  const calls = (toolCalls ?? []).flatMap((call) =>
    'function' in call && call.function
      ? [{ tool: call.function.name, arguments: argumentsOf(call.function.arguments) }]
      : [],
  );
  const message: AssistantMessage = {
    role: 'assistant',
    ...(content ? { text: content } : {}),
    ...(calls.length > 0 ? { calls } : {}),
    ...(refusal ? { refusal } : {}),
  };
  return { message, usage: usageOf(completion.usage), finish: finishOf(choice.finish_reason) };
}

/** Some providers send the arguments as an object, or none at all. */
function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function finishOf(reason: string | null | undefined): ModelAnswer['finish'] {
  if (reason === 'length') return 'length';
  return reason === 'content_filter' ? 'filter' : 'stop';
}

function usageOf(usage: OpenAI.CompletionUsage | null | undefined): Usage {
  const cached = usage?.prompt_tokens_details?.cached_tokens;
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens;
  return {
    input: usage?.prompt_tokens ?? 0,
    output: usage?.completion_tokens ?? 0,
    ...(cached ? { cached } : {}),
    ...(reasoning ? { reasoning } : {}),
  };
}
