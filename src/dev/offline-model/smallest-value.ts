import { exampleOf } from './formats.js';
import { resolveSchema, typesOf, type JsonSchema, type SchemaNode } from './json-schema.js';
import { samplePattern } from './pattern-sample.js';
import { conforms } from './schema-check.js';

/** A schema that contains itself ends here at the latest. */
const MAX_DEPTH = 12;

/**
 * A value that answers a schema and says as little as possible: empty lists, zero, false. It is what is left
 * when nothing in a conversation answers. Where no such value is found, the nearest one.
 */
export function smallestValue(node: SchemaNode | undefined, root: JsonSchema, depth = 0): unknown {
  const schema = resolveSchema(node, root);
  if ('const' in schema) return schema.const;
  if (schema.enum && schema.enum.length > 0)
    return schema.enum.find((label) => conforms(label, schema, root)) ?? schema.enum[0];
  const given = [schema.default, ...(schema.examples ?? [])].filter((value) => value !== undefined);
  for (const value of given) if (conforms(value, schema, root)) return value;
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches && depth < MAX_DEPTH) {
    const { anyOf: _anyOf, oneOf: _oneOf, ...beside } = schema;
    const values = branches.map((branch) => smallestValue({ allOf: [beside, branch] }, root, depth + 1));
    return values.find((value) => conforms(value, schema, root)) ?? values[0];
  }
  const values = typesOf(schema).map((type) => {
    if (type === 'object') return depth < MAX_DEPTH ? smallestObject(schema, root, depth) : {};
    if (type === 'array') return depth < MAX_DEPTH ? smallestArray(schema, root, depth) : [];
    if (type === 'string') return smallestText(schema);
    if (type === 'number' || type === 'integer') return nearestNumber(0, schema, type === 'integer');
    return type === 'boolean' ? false : null;
  });
  if (values.includes(null)) return null;
  return values.find((value) => conforms(value, schema, root)) ?? values[0] ?? null;
}

/** The number nearest to `wanted` that the schema's bounds and steps allow. */
export function nearestNumber(wanted: number, schema: JsonSchema, integer: boolean): number {
  const step = schema.multipleOf ?? (integer ? 1 : 0);
  const low = Math.max(schema.minimum ?? -Infinity, above(schema.exclusiveMinimum, step));
  const high = Math.min(schema.maximum ?? Infinity, -above(negative(schema.exclusiveMaximum), step));
  // Bounds closer together than the margin kept from them: the middle is inside.
  const bounded =
    low > high
      ? ((schema.exclusiveMinimum ?? low) + (schema.exclusiveMaximum ?? high)) / 2
      : Math.min(Math.max(wanted, low), high);
  if (step === 0) return bounded;
  const steps = bounded / step;
  const rounded = Math.round(steps) * step;
  const inside =
    rounded < low ? Math.ceil(low / step) * step : rounded > high ? Math.floor(high / step) * step : rounded;
  return Number(inside.toPrecision(15)) + 0;
}

function negative(bound: number | undefined): number | undefined {
  return bound === undefined ? undefined : -bound;
}

function above(bound: number | undefined, step: number): number {
  if (bound === undefined) return -Infinity;
  if (step > 0) return (Math.floor(bound / step) + 1) * step;
  return bound + Math.max(Math.abs(bound) * 1e-6, 1e-6);
}

function smallestObject(schema: JsonSchema, root: JsonSchema, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const key of schema.required ?? []) {
    value[key] = smallestValue(schema.properties?.[key] ?? schema.additionalProperties, root, depth + 1);
  }
  const missing = () => (schema.minProperties ?? 0) - Object.keys(value).length;
  for (const key of Object.keys(schema.properties ?? {})) {
    if (missing() > 0 && !(key in value))
      value[key] = smallestValue(schema.properties?.[key], root, depth + 1);
  }
  const names = resolveSchema(schema.propertyNames, root).enum ?? [];
  for (let index = 0; missing() > 0 && index < 1_000; index += 1) {
    const key = String(names[index] ?? `key${index + 1}`);
    value[key] ??= smallestValue(schema.additionalProperties, root, depth + 1);
  }
  return value;
}

function smallestArray(schema: JsonSchema, root: JsonSchema, depth: number): unknown[] {
  const fixed = schema.prefixItems ?? [];
  const length = Math.max(schema.minItems ?? 0, fixed.length);
  const value = Array.from({ length }, (_, index) =>
    smallestValue(fixed[index] ?? schema.items, root, depth + 1),
  );
  return schema.uniqueItems
    ? value.map((element, index) => variantOf(element, index, schema.items, root))
    : value;
}

/** Another value of the same schema for each `index`, as far as the schema has others. */
function variantOf(element: unknown, index: number, node: SchemaNode | undefined, root: JsonSchema): unknown {
  const schema = resolveSchema(node, root);
  const candidates: unknown[] = [schema.enum?.[index]];
  if (typeof element === 'number')
    candidates.push(element + index * (schema.multipleOf ?? 1), element - index * (schema.multipleOf ?? 1));
  if (typeof element === 'string')
    candidates.push(
      index === 0 ? element : `${element}${index}`,
      `${element.slice(0, -String(index).length)}${index}`,
    );
  if (typeof element === 'boolean') candidates.push(index === 0 ? element : !element);
  return candidates.find((value) => value !== undefined && conforms(value, schema, root)) ?? element;
}

/** Repetitions of an open-ended pattern are lengthened until the text is long enough. */
const GROWTH = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128];

function smallestText(schema: JsonSchema): string {
  const example = schema.format === undefined ? undefined : exampleOf(schema.format);
  const padded = 'x'.repeat(Math.min(schema.minLength ?? 0, 100_000));
  const candidates = [example, '', padded].filter((text) => text !== undefined);
  const { pattern } = schema;
  if (pattern !== undefined) candidates.push(...GROWTH.map((grow) => samplePattern(pattern, grow)));
  return candidates.find((text) => conforms(text, { ...schema, type: 'string' }, {})) ?? example ?? padded;
}
