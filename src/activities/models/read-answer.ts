import type { ToolCall } from '../../agents/message.js';
import type { Usage } from '../../agents/usage.js';
import { AnswerError } from './answer-error.js';
import { isObject } from './json-schema.js';

/** What is read from answers leniently, whichever API they come from: compatible providers leave out what OpenAI always sends. */

/**
 * The body of an answer. JSON that comes under another media type reaches us as text.
 * @throws AnswerError where it is no JSON object
 */
export function objectOf(body: unknown): Record<string, unknown> {
  const value = typeof body === 'string' ? parseJson(body) : body;
  if (isObject(value)) return value;
  throw new AnswerError({
    message:
      body && value !== null
        ? `the answer is not a JSON object: ${JSON.stringify(body)}`
        : 'the answer is empty',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function callOf({ name, arguments: args }: Readonly<Record<string, unknown>>): ToolCall {
  return { tool: typeof name === 'string' ? name : '', arguments: argumentsOf(args) };
}

/** A call's arguments; some providers send them as an object, or none at all. */
export function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Tokens as a provider counts them, under its names. */
export interface Counts {
  input: unknown;
  output: unknown;
  total: unknown;
  cached: unknown;
  reasoning: unknown;
}

/**
 * OpenAI counts reasoning as part of the output. Gemini and xAI do not: there it shows as the difference to the
 * total, and is paid for as output.
 */
export function usageOf(counts: Counts): Usage {
  const input = count(counts.input);
  const told = count(counts.output);
  const output = Math.max(told, count(counts.total) - input);
  const cached = Math.min(count(counts.cached), input);
  const reasoning = count(counts.reasoning) || output - told;
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
