import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Json } from '../agents/json.js';

/** What became of a model's final text. */
export type ParsedOutput =
  /** It fits. `same` where the output is just the text read as JSON. */
  | { ok: true; output: Json; same: boolean }
  /** It does not; `problem` tells the model why. */
  | { ok: false; problem: string };

/** An agent's output schema in its two forms: as the model is asked for it, and as its answer is checked. */
export class OutputSchema {
  /** JSON schema whose root is an object, as providers require. */
  readonly json: Record<string, unknown>;
  /** Whether the schema fits OpenAI's strict mode, in which the answer cannot but follow it. */
  readonly strict: boolean;
  private readonly wrapped: boolean;

  constructor(
    readonly name: string,
    private readonly schema: z.ZodType,
    json: Record<string, unknown>,
  ) {
    this.wrapped = json.type !== 'object';
    const { $defs, ...root } = json;
    const rooted = this.wrapped
      ? { type: 'object', properties: { result: root }, required: ['result'], ...($defs ? { $defs } : {}) }
      : json;
    this.strict = fitsStrictMode(rooted);
    this.json = this.strict ? closed(rooted) : rooted;
  }

  async parse(text: string): Promise<ParsedOutput> {
    const value = readJson(text);
    if (value === undefined) return { ok: false, problem: 'The answer is not valid JSON.' };
    const inner = this.wrapped && isObject(value) ? value.result : value;
    const parsed = await this.schema.safeParseAsync(inner);
    if (!parsed.success) return { ok: false, problem: z.prettifyError(parsed.error) };
    const output = JSON.parse(JSON.stringify(parsed.data ?? null)) as Json;
    return { ok: true, output, same: isPlainJson(text) && isDeepStrictEqual(output, value) };
  }
}

/** Text as JSON, also inside a Markdown fence, in which models without strict mode like to put it. */
function readJson(text: string): unknown {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(text)?.[1];
  try {
    return JSON.parse(fenced ?? text) as unknown;
  } catch {
    return undefined;
  }
}

function isPlainJson(text: string): boolean {
  return !text.trimStart().startsWith('```');
}

// Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
const NOT_IN_STRICT_MODE = [
  'oneOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'patternProperties',
  'propertyNames',
  'default',
  'prefixItems',
];

function fitsStrictMode(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(fitsStrictMode);
  if (!isObject(schema)) return true;
  if (NOT_IN_STRICT_MODE.some((keyword) => keyword in schema)) return false;
  if (schema.type === 'object') {
    const { properties, required = [], additionalProperties = false } = schema;
    if (!isObject(properties) || additionalProperties !== false || !Array.isArray(required)) return false;
    if (!Object.keys(properties).every((key) => required.includes(key))) return false;
  } else if (!(
    'type' in schema ||
    '$ref' in schema ||
    'anyOf' in schema ||
    'enum' in schema ||
    'const' in schema
  )) {
    return false;
  }
  return nested(schema).every(fitsStrictMode);
}

/** The same schema with every object closed, as strict mode wants it said. */
function closed(schema: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(schema).map(([key, value]) => [key, closeIn(key, value)] as const);
  return {
    ...Object.fromEntries(entries),
    ...(schema.type === 'object' ? { additionalProperties: false } : {}),
  };
}

function closeIn(key: string, value: unknown): unknown {
  if (key === 'properties' || key === '$defs') {
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, isObject(v) ? closed(v) : v]))
      : value;
  }
  if (key === 'items') return isObject(value) ? closed(value) : value;
  if (key === 'anyOf')
    return Array.isArray(value) ? value.map((v: unknown) => (isObject(v) ? closed(v) : v)) : value;
  return value;
}

function nested(schema: Record<string, unknown>): unknown[] {
  const maps = [schema.properties, schema.$defs].filter(isObject).flatMap((map) => Object.values(map));
  const lists = Array.isArray(schema.anyOf) ? (schema.anyOf as unknown[]) : [];
  return [...maps, ...lists, ...('items' in schema ? [schema.items] : [])];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
