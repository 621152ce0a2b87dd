import { z } from 'zod';
import { BatonError } from '../agents/failures.js';

/**
 * A schema of a definition as JSON schema.
 * @param what names it in the failure
 * @throws BatonError `ConfigInvalid`
 */
export function jsonSchemaOf(what: string, schema: z.ZodType): Record<string, unknown> {
  try {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
    return withoutRootReference(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('ConfigInvalid', `the ${what} cannot be written as JSON schema: ${reason}`, {
      cause,
    });
  }
}

/** A schema with an id of its own is written as a reference to itself, which does not tell that it is an object. */
function withoutRootReference({ $ref, ...json }: z.core.JSONSchema.BaseSchema): Record<string, unknown> {
  if ($ref === undefined) return json;
  const root = json.$defs?.[$ref.replace('#/$defs/', '')];
  return typeof root === 'object' ? { ...root, ...json } : { $ref, ...json };
}

/** JSON schema of what an agent puts out; undefined where it is text. */
export function outputSchemaOf(
  agent: string,
  output: z.ZodType | undefined,
): Record<string, unknown> | undefined {
  return output && !isText(output) ? jsonSchemaOf(`output of agent "${agent}"`, output) : undefined;
}

export function isText(schema: z.ZodType): boolean {
  return schema instanceof z.ZodString;
}
