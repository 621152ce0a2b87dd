import { readConversation, type Context } from './conversation.js';
import { parseEmbedded } from './embedded-json.js';
import { extract } from './extractor.js';
import { isObject } from './facts.js';
import type { JsonSchema } from './json-schema.js';
import type { ModelRequest } from './request.js';
import { fillSchema } from './schema-filler.js';
import { nextToolCalls, type ToolCall } from './tool-caller.js';

/** What the model says next. The same request gets the same reply. */
export type Reply = { kind: 'calls'; calls: ToolCall[] } | { kind: 'text'; text: string };

const ANSWER_SENTENCES = 4;
const NOTHING_FOUND = 'Nothing in this conversation answers that.';

/** Replies to a request from what is in it, and nothing else: tool calls while there are some to make, then the answer. */
export function reply(request: ModelRequest): Reply {
  const context = readConversation(request);
  const calls = nextToolCalls(request, context);
  return calls.length > 0 ? { kind: 'calls', calls } : { kind: 'text', text: answer(request, context) };
}

function answer({ response_format: format }: ModelRequest, context: Context): string {
  const schema = schemaOf(format, context);
  if (schema) return JSON.stringify(fillSchema(schema, context));
  const text = extract(context, { limit: ANSWER_SENTENCES }).join(' ') || NOTHING_FOUND;
  return format?.type === 'json_object' ? JSON.stringify({ answer: text }) : text;
}

/** The schema asked for; where a provider takes none, it may stand in the instructions. */
function schemaOf(
  format: ModelRequest['response_format'],
  { instructions }: Context,
): JsonSchema | undefined {
  if (format?.type === 'json_schema') {
    const { schema } = isObject(format['json_schema']) ? format['json_schema'] : {};
    return isObject(schema) ? schema : {};
  }
  if (format?.type !== 'json_object') return undefined;
  return parseEmbedded(instructions)
    .values.filter(isObject)
    .find((value) => isObject(value['properties']));
}
