/** A JSON schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const MAPS = ['properties', 'patternProperties', '$defs'];
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const SINGLE = ['items', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else'];

/** The schema with `change` applied to each schema right below it. */
export function mapBelow(schema: JsonSchema, change: (below: JsonSchema) => JsonSchema): JsonSchema {
  const one = (value: unknown): unknown => (isObject(value) ? change(value) : value);
  const entries = Object.entries(schema).map(([key, value]) => {
    if (MAPS.includes(key) && isObject(value))
      return [key, Object.fromEntries(Object.entries(value).map(([name, v]) => [name, one(v)]))];
    if (LISTS.includes(key) && Array.isArray(value)) return [key, value.map(one)];
    return [key, SINGLE.includes(key) ? one(value) : value];
  });
  return Object.fromEntries(entries) as JsonSchema;
}

/** The schemas right below a schema. */
export function schemasBelow(schema: JsonSchema): JsonSchema[] {
  const below: JsonSchema[] = [];
  mapBelow(schema, (part) => {
    below.push(part);
    return part;
  });
  return below;
}

/**
 * The schema as every provider takes it: without patterns that look around. OpenAI rejects them, and the
 * grammars of local servers (llama.cpp) fail on them. What such a pattern demands is checked on the answer all the same.
 */
export function portable(schema: JsonSchema): JsonSchema {
  const { pattern, ...rest } = mapBelow(schema, portable);
  return pattern === undefined || looksAround(pattern) ? rest : { ...rest, pattern };
}

export function looksAround(pattern: unknown): boolean {
  return typeof pattern === 'string' && /\(\?<?[=!]/.test(pattern);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
