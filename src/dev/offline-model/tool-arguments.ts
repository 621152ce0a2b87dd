import type { Context } from './conversation.js';
import type { OfferedTool } from './request.js';
import { resolveSchema, type JsonSchema } from './json-schema.js';
import { conforms } from './schema-check.js';
import { fill, startAt } from './schema-filler.js';

/**
 * Arguments for a tool out of the conversation, or nothing if one that it requires is not there. Optional
 * arguments are given only if they are there. With `guess`, what is not there is made up.
 */
export function argumentsFor(
  { function: tool }: OfferedTool,
  context: Context,
  guess = false,
): Record<string, unknown> | undefined {
  const root = (tool.parameters ?? {}) as JsonSchema;
  const schema = resolveSchema(root, root);
  const required = new Set(schema.required ?? []);
  const args: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(schema.properties ?? {}), ...required])) {
    const optional = !required.has(key);
    const { value, found } = fill(schema.properties?.[key], {
      ...startAt(root, context, { name: key, optional }),
      parent: tool.name,
    });
    // An argument that is there but says "nothing", because null is allowed, is no reason not to call.
    if (!found && !guess && !optional && value !== null && typeof value !== 'boolean') return undefined;
    if (found || !optional) args[key] = value;
  }
  return conforms(args, schema, root) ? args : undefined;
}
