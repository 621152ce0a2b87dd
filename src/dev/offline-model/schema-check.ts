import { isDeepStrictEqual } from 'node:util';
import { isObject } from './facts.js';
import { hasFormat } from './formats.js';
import { dereference, type JsonSchema, type SchemaNode } from './json-schema.js';

/** Whether a value answers a schema. `root` is the schema that references start from. */
export function conforms(value: unknown, node: SchemaNode | undefined, root: JsonSchema): boolean {
  if (node === undefined || node === true) return true;
  if (node === false) return false;
  const schema = dereference(node, root);
  const fits = (part: SchemaNode) => conforms(value, part, root);
  return (
    isOfType(value, schema) &&
    (!('const' in schema) || isDeepStrictEqual(value, schema.const)) &&
    (schema.enum?.some((label) => isDeepStrictEqual(value, label)) ?? true) &&
    (schema.allOf?.every(fits) ?? true) &&
    (schema.anyOf?.some(fits) ?? true) &&
    (schema.oneOf === undefined || schema.oneOf.filter(fits).length === 1) &&
    (schema.not === undefined || !fits(schema.not)) &&
    (typeof value !== 'string' || stringConforms(value, schema)) &&
    (typeof value !== 'number' || numberConforms(value, schema)) &&
    (!Array.isArray(value) || arrayConforms(value, schema, root)) &&
    (!isObject(value) || objectConforms(value, schema, root))
  );
}

function isOfType(value: unknown, { type }: JsonSchema): boolean {
  if (type === undefined) return true;
  return [type].flat().some((name) => {
    if (name === 'integer') return Number.isInteger(value);
    if (name === 'number') return typeof value === 'number' && Number.isFinite(value);
    if (name === 'array') return Array.isArray(value);
    if (name === 'object') return isObject(value);
    return name === 'null' ? value === null : typeof value === name;
  });
}

/** JSON Schema counts characters, zod UTF-16 units: a length here satisfies both. */
function stringConforms(value: string, schema: JsonSchema): boolean {
  return (
    [...value].length >= (schema.minLength ?? 0) &&
    value.length <= (schema.maxLength ?? Infinity) &&
    (schema.pattern === undefined || (expression(schema.pattern)?.test(value) ?? true)) &&
    (schema.format === undefined || hasFormat(value, schema.format))
  );
}

/** A schema's pattern, or nothing if this engine does not know its syntax. */
export function expression(pattern: string, flags = 'u'): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return flags.includes('u') ? expression(pattern, flags.replace('u', '')) : undefined;
  }
}

function numberConforms(value: number, schema: JsonSchema): boolean {
  const steps = schema.multipleOf === undefined ? 0 : value / schema.multipleOf;
  return (
    value >= (schema.minimum ?? -Infinity) &&
    value <= (schema.maximum ?? Infinity) &&
    (schema.exclusiveMinimum === undefined || value > schema.exclusiveMinimum) &&
    (schema.exclusiveMaximum === undefined || value < schema.exclusiveMaximum) &&
    Math.abs(steps - Math.round(steps)) < 1e-9
  );
}

function arrayConforms(value: unknown[], schema: JsonSchema, root: JsonSchema): boolean {
  const fixed = schema.prefixItems ?? [];
  return (
    value.length >= (schema.minItems ?? 0) &&
    value.length <= (schema.maxItems ?? Infinity) &&
    (!schema.uniqueItems ||
      value.every((a, index) => !value.slice(0, index).some((b) => isDeepStrictEqual(a, b)))) &&
    value.every((element, index) =>
      conforms(element, index < fixed.length ? fixed[index] : schema.items, root),
    )
  );
}

function objectConforms(value: Record<string, unknown>, schema: JsonSchema, root: JsonSchema): boolean {
  const keys = Object.keys(value);
  return (
    (schema.required ?? []).every((key) => key in value) &&
    keys.length >= (schema.minProperties ?? 0) &&
    keys.length <= (schema.maxProperties ?? Infinity) &&
    keys.every((key) => {
      if (!conforms(key, schema.propertyNames, root)) return false;
      const patterns = Object.entries(schema.patternProperties ?? {}).filter(([pattern]) =>
        expression(pattern)?.test(key),
      );
      if (!patterns.every(([, node]) => conforms(value[key], node, root))) return false;
      const own = schema.properties?.[key];
      return own !== undefined
        ? conforms(value[key], own, root)
        : patterns.length > 0 || conforms(value[key], schema.additionalProperties, root);
    })
  );
}
