import type { Json } from '../../agents/json.js';
import type { Message } from '../../agents/message.js';
import { readArguments } from '../../agents/tool-arguments.js';
import { isObject } from './json-schema.js';
import type { ModelRequest } from './model.js';

/** How messages and calls look on the wire, whichever API carries them. */

/**
 * The messages that the model is shown, in a provider's form.
 * @param render is given a message, and the ids of its calls, or, of a tool's, of the calls that it answers
 */
export function rendered<Item>(
  { messages, callId }: ModelRequest,
  render: (message: Message, callId: (call: number) => string) => Item[],
): Item[] {
  let asking = 0; // place of the assistant message that the tool messages after it answer
  return messages.flatMap(({ message, place }) => {
    if (message.role === 'assistant') asking = place;
    const from = asking;
    return render(message, (call) => callId(from, call));
  });
}

export function textOnWire(content: Json): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** A tool's result; what went wrong is marked as such, and what people changed of the call is said after it. */
export function resultOnWire({ content, isError, edited }: Extract<Message, { role: 'tool' }>): string {
  const text = textOnWire(content);
  const result = isError ? `Error: ${text}` : text;
  return edited === undefined ? result : `${result}\n\n(${edited})`;
}

/** A name that a model made up may hold what providers reject in a request, such as the dot of `functions.find`. */
export function nameOnWire(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'unknown';
}

/**
 * Arguments that a provider can read: vLLM and gateways to other APIs parse those of earlier messages, and fail the
 * request where they are not a JSON object.
 */
export function argumentsOnWire(text: string): string {
  const value = readArguments(text);
  if (!isObject(value)) return JSON.stringify({ invalid_arguments: text });
  return text.trim() === '' ? '{}' : text;
}

/** The output's schema in words, for providers without json_schema; empty where it is asked for as such, or the output is text. */
export function schemaInWords({ model, output }: ModelRequest): string {
  if (!output || model.structuredOutput !== 'json_object') return '';
  return `Answer with one JSON object that fits this JSON schema:\n${JSON.stringify(output.json)}`;
}
