import { isObject } from './facts.js';

/** The part of JSON Schema (2020-12, and draft 7 where it differs little) that this model understands. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, SchemaNode>;
  definitions?: Record<string, SchemaNode>;
  type?: string | string[];
  title?: string;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  allOf?: SchemaNode[];
  not?: SchemaNode;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  additionalProperties?: SchemaNode;
  patternProperties?: Record<string, SchemaNode>;
  propertyNames?: SchemaNode;
  minProperties?: number;
  maxProperties?: number;
  items?: SchemaNode;
  prefixItems?: SchemaNode[];
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

/** A schema may be just "anything" (`true`) or "nothing" (`false`). */
export type SchemaNode = JsonSchema | boolean;

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** References that lead to references further than this lead nowhere. */
const MAX_REFERENCES = 20;

/** The schema behind a node's references, with the parts of an `allOf` put together. */
export function resolveSchema(node: SchemaNode | undefined, root: JsonSchema): JsonSchema {
  const { allOf, ...rest } = dereference(node, root);
  return (allOf ?? []).map((part) => resolveSchema(part, root)).reduce(merge, rest);
}

/** The schema behind a node's references. */
export function dereference(node: SchemaNode | undefined, root: JsonSchema): JsonSchema {
  let schema: JsonSchema = typeof node === 'object' ? node : {};
  for (let depth = 0; schema.$ref !== undefined && depth < MAX_REFERENCES; depth += 1) {
    const { $ref, ...beside } = schema;
    const target = lookUp($ref, root);
    schema = { ...(typeof target === 'object' ? target : {}), ...beside };
  }
  return schema;
}

function lookUp(reference: string, root: JsonSchema): SchemaNode | undefined {
  if (!reference.startsWith('#')) return undefined;
  let found: unknown = root;
  for (const step of reference.slice(1).split('/').filter(Boolean)) {
    const key = decodeURIComponent(step).replace(/~1/g, '/').replace(/~0/g, '~');
    found = isObject(found) || Array.isArray(found) ? (found as Record<string, unknown>)[key] : undefined;
  }
  return typeof found === 'boolean' || isObject(found) ? found : undefined;
}

function merge(a: JsonSchema, b: JsonSchema): JsonSchema {
  const merged: JsonSchema = { ...a, ...b };
  if (a.properties ?? b.properties) merged.properties = { ...a.properties, ...b.properties };
  if (a.required ?? b.required)
    merged.required = [...new Set([...(a.required ?? []), ...(b.required ?? [])])];
  const lows = [a.minimum, b.minimum].filter((bound) => bound !== undefined);
  if (lows.length > 0) merged.minimum = Math.max(...lows);
  const highs = [a.maximum, b.maximum].filter((bound) => bound !== undefined);
  if (highs.length > 0) merged.maximum = Math.min(...highs);
  return merged;
}

/** The types that a resolved schema allows, as far as it says; guessed from its other keywords if it doesn't. */
export function typesOf(schema: JsonSchema): JsonType[] {
  if (schema.type !== undefined) return [schema.type].flat() as JsonType[];
  if (schema.properties ?? schema.required ?? schema.additionalProperties ?? schema.propertyNames)
    return ['object'];
  if (schema.items ?? schema.prefixItems ?? schema.minItems) return ['array'];
  if (schema.pattern ?? schema.format ?? schema.minLength ?? schema.maxLength) return ['string'];
  if (schema.minimum ?? schema.maximum ?? schema.multipleOf) return ['number'];
  return [];
}

/** Whether null is an answer, and the schema of the other answers. */
export function splitNullable(
  schema: JsonSchema,
  root: JsonSchema,
): { nullable: boolean; schema: JsonSchema } {
  if (Array.isArray(schema.type) && schema.type.includes('null') && schema.type.length > 1) {
    const { enum: labels, ...rest } = schema;
    const others = labels?.filter((label) => label !== null);
    const type = schema.type.filter((name) => name !== 'null');
    return { nullable: true, schema: { ...rest, type, ...(others ? { enum: others } : {}) } };
  }
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const branches = schema[keyword];
    const others = branches?.filter((branch) => !isNull(resolveSchema(branch, root)));
    if (!branches || !others || others.length === 0 || others.length === branches.length) continue;
    const { [keyword]: _branches, ...rest } = schema;
    const [only] = others;
    if (others.length > 1) return { nullable: true, schema: { ...rest, [keyword]: others } };
    return { nullable: true, schema: { ...rest, ...resolveSchema(only, root), ...describedBy(rest) } };
  }
  return { nullable: false, schema };
}

function isNull(schema: JsonSchema): boolean {
  return schema.type === 'null' || ('const' in schema && schema.const === null);
}

function describedBy({ description }: JsonSchema): Pick<JsonSchema, 'description'> {
  return description === undefined ? {} : { description };
}
