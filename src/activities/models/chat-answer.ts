import type OpenAI from 'openai';
import type { ChatCompletion } from 'openai/resources/chat/completions';
import type { AssistantMessage, ToolCall } from '../../agents/message.js';
import type { Usage } from '../../agents/usage.js';
import { AnswerError } from './answer-error.js';
import { isObject } from './json-schema.js';
import type { ModelAnswer } from './model.js';
import { callOf, objectOf, usageOf } from './read-answer.js';

/**
 * Reads the body of a 200 leniently: compatible providers leave out what OpenAI always sends, and some say there that
 * they failed.
 * @throws AnswerError
 */
export function chatAnswer(body: unknown): Omit<ModelAnswer, 'offline'> {
  const completion = objectOf(body);
  if (completion.error !== undefined && completion.error !== null) throw new AnswerError(completion.error);
  // The type is OpenAI's; every field of it is looked at before use.
  const { choices, usage } = completion as Partial<ChatCompletion>;
  const choice: (Partial<ChatCompletion.Choice> & { error?: unknown }) | undefined = Array.isArray(choices)
    ? choices[0]
    : undefined;
  if (choice?.error !== undefined && choice.error !== null) throw new AnswerError(choice.error);
  // OpenRouter, where the provider behind it broke off.
  if (choice?.finish_reason === ('error' as string))
    throw new AnswerError({ message: 'the answer ended by an error' });
  if (!isObject(choice?.message)) throw new AnswerError({ message: 'the answer has no choices' });
  const { content, refusal, tool_calls: toolCalls } = choice.message as Partial<typeof choice.message>;
  const text = textOf(content);
  const calls = callsOf(toolCalls);
  const message: AssistantMessage = {
    role: 'assistant',
    ...(text === '' ? {} : { text }),
    ...(calls.length > 0 ? { calls } : {}),
    ...(refusal ? { refusal } : {}),
  };
  return { message, usage: countsOf(usage), finish: finishOf(choice.finish_reason) };
}

/** Mistral's reasoning models send a list of parts, of which the text is the answer. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

function callsOf(toolCalls: unknown): ToolCall[] {
  if (!Array.isArray(toolCalls)) return [];
  return toolCalls.flatMap((call: unknown) => {
    return isObject(call) && isObject(call.function) ? [callOf(call.function)] : [];
  });
}

/** Gemini adds what was filtered (`content_filter: ...`); Mistral tells the model's length from the request's. */
function finishOf(reason: unknown): ModelAnswer['finish'] {
  if (reason === 'length' || reason === 'model_length') return 'length';
  return typeof reason === 'string' && reason.startsWith('content_filter') ? 'filter' : 'stop';
}

function countsOf(usage: OpenAI.CompletionUsage | null | undefined): Usage {
  return usageOf({
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
    total: usage?.total_tokens,
    cached: usage?.prompt_tokens_details?.cached_tokens,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens,
  });
}
