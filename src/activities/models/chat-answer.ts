import type OpenAI from 'openai';
import type { ChatCompletion } from 'openai/resources/chat/completions';
import type { AssistantMessage, ToolCall } from '../../agents/message.js';
import type { Usage } from '../../agents/usage.js';
import { AnswerError } from './answer-error.js';
import { isObject } from './json-schema.js';
import type { ModelAnswer } from './model.js';

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
  return { message, usage: usageOf(usage), finish: finishOf(choice.finish_reason) };
}

/** JSON that comes under another media type reaches us as text. */
function objectOf(body: unknown): Record<string, unknown> {
  const value = typeof body === 'string' ? parseJson(body) : body;
  if (isObject(value)) return value;
  throw new AnswerError({
    message: body ? `the answer is not a JSON object: ${JSON.stringify(body)}` : 'the answer is empty',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Mistral's reasoning models send a list of parts, of which the text is the answer. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

function callsOf(toolCalls: unknown): ToolCall[] {
  if (!Array.isArray(toolCalls)) return [];
  return toolCalls.flatMap((call: unknown) => {
    if (!isObject(call) || !isObject(call.function)) return [];
    const { name, arguments: args } = call.function;
    return [{ tool: typeof name === 'string' ? name : '', arguments: argumentsOf(args) }];
  });
}

/** Some providers send the arguments as an object, or none at all. */
function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Gemini adds what was filtered (`content_filter: ...`); Mistral tells the model's length from the request's. */
function finishOf(reason: unknown): ModelAnswer['finish'] {
  if (reason === 'length' || reason === 'model_length') return 'length';
  return typeof reason === 'string' && reason.startsWith('content_filter') ? 'filter' : 'stop';
}

/**
 * OpenAI counts reasoning as part of the completion. Gemini and xAI do not: there it shows as the difference to the
 * total, and is paid for as output.
 */
function usageOf(usage: OpenAI.CompletionUsage | null | undefined): Usage {
  const input = count(usage?.prompt_tokens);
  const completion = count(usage?.completion_tokens);
  const output = Math.max(completion, count(usage?.total_tokens) - input);
  const cached = Math.min(count(usage?.prompt_tokens_details?.cached_tokens), input);
  const reasoning = count(usage?.completion_tokens_details?.reasoning_tokens) || output - completion;
  return {
    input,
    output,
    ...(cached > 0 ? { cached } : {}),
    ...(reasoning > 0 ? { reasoning: Math.min(reasoning, output) } : {}),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.ceil(value) : 0;
}
