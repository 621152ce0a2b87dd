import { isObject, looksAround, mapBelow, schemasBelow, type JsonSchema } from './json-schema.js';

/**
 * OpenAI's strict mode, in which the answer cannot but follow the schema, takes a part of JSON schema only.
 * Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
const SHAPE = [
  ...['type', 'properties', 'required', 'additionalProperties', 'items', 'anyOf', 'enum', 'const'],
  ...['$ref', '$defs'],
];
const VALUES = [
  ...['title', 'description', 'pattern', 'format', 'minItems', 'maxItems'],
  ...['multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
];
const FORMATS = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'];
const NOT_IN_STRICT_MODE = [
  ...['allOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas'],
  ...['patternProperties', 'propertyNames', 'prefixItems', 'default'],
];
const MAX_NESTING = 10;

/**
 * The schema as strict mode takes it; undefined where its shape does not allow that, as with optional properties. What
 * strict mode does not know of values, such as a length, is told in the description and checked after the answer.
 */
export function strictSchema(schema: JsonSchema): JsonSchema | undefined {
  const strict = strictForm(schema);
  return fits(strict, 0) ? strict : undefined;
}

function strictForm(schema: JsonSchema): JsonSchema {
  // A reference stands alone in strict mode.
  if ('$ref' in schema) return { $ref: schema.$ref };
  const { oneOf, ...rest } = mapBelow(schema, strictForm);
  // The branches of zod's `oneOf` exclude each other, by their discriminator.
  const form: JsonSchema = oneOf === undefined ? rest : { ...rest, anyOf: oneOf };
  const told: string[] = [];
  const kept = Object.entries(form).filter(([key, value]) => {
    const known =
      SHAPE.includes(key) ||
      NOT_IN_STRICT_MODE.includes(key) ||
      (VALUES.includes(key) && isKnown(key, value));
    // A pattern beside a format that is known says the same again.
    const saysMore = key !== 'pattern' || !isKnownFormat(form.format);
    if (!known && saysMore) told.push(`${key}: ${JSON.stringify(value)}`);
    return known && saysMore;
  });
  const description = [form.description, ...told].filter((text) => text !== undefined).join('; ');
  return {
    ...Object.fromEntries(kept),
    ...(description === '' ? {} : { description }),
    ...closing(form),
  };
}

function isKnown(key: string, value: unknown): boolean {
  if (key === 'format') return isKnownFormat(value);
  return key !== 'pattern' || !looksAround(value);
}

function isKnownFormat(format: unknown): boolean {
  return typeof format === 'string' && FORMATS.includes(format);
}

/** Every object is closed, and says which properties it must have, be there none. */
function closing({ type, properties, required, additionalProperties = false }: JsonSchema): JsonSchema {
  return has(type, 'object') && isObject(properties)
    ? { required: required ?? [], additionalProperties }
    : {};
}

function fits(schema: JsonSchema, nesting: number): boolean {
  if (nesting > MAX_NESTING || NOT_IN_STRICT_MODE.some((keyword) => keyword in schema)) return false;
  const { type, properties, required, additionalProperties } = schema;
  if (has(type, 'object')) {
    if (!isObject(properties) || additionalProperties !== false || !Array.isArray(required)) return false;
    if (!Object.keys(properties).every((key) => required.includes(key))) return false;
  } else if (has(type, 'array')) {
    if (!isObject(schema.items)) return false;
  } else if (type === undefined && !['$ref', 'anyOf', 'enum', 'const'].some((key) => key in schema)) {
    return false;
  }
  const deeper = has(type, 'object') || has(type, 'array') ? nesting + 1 : nesting;
  return schemasBelow(schema).every((below) => fits(below, deeper));
}

/** A type may be a list: what is nullable is `["object", "null"]`. */
function has(type: unknown, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}
