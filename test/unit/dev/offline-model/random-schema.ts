import type { JsonSchema, SchemaNode } from '../../../../src/dev/offline-model/json-schema.js';

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NAMES = [
  'id',
  'email',
  'orderId',
  'total_usd',
  'summary',
  'reasons',
  'accepted',
  'score',
  'items',
  'dueDate',
  'kind',
  'query',
  'count',
  'sources',
  'tags',
  'url',
  'name',
  'notes',
  'isUrgent',
  'parts',
];
const LABELS = ['red', 'green', 'blue', 'other', 'low', 'high', 'urgent', 'yes', 'no', 'accept', 'revise'];
const PATTERNS = [
  '^[A-Z]{2,4}-\\d{3,6}$',
  '^(foo|ba+r)$',
  '^[^\\s]+$',
  '^\\w{3}\\.[a-f0-9]+$',
  '^S-\\d+$',
  '\\d',
  '^[a-z]+(-[a-z]+)*$',
];
const FORMATS = ['email', 'uuid', 'date', 'date-time', 'uri', 'time', 'ipv4'];

/** A JSON schema of any kind; `$defs/node` refers to itself. */
export function randomSchema(random: () => number): JsonSchema {
  const object = (depth: number, closed = {}): JsonSchema => {
    const names = some(NAMES, int(1, 5));
    const properties = Object.fromEntries(names.map((name) => [name, node(depth + 1)]));
    return {
      type: 'object',
      properties,
      required: some(names, int(0, names.length)),
      ...closed,
    };
  };
  const node = (depth: number): SchemaNode => {
    const leaves = [
      text,
      number,
      integer,
      () => ({ type: 'boolean' }),
      () => ({ enum: some(LABELS, int(1, 4)) }),
      () => ({ const: pick(LABELS) }),
    ];
    const branches = [
      () => object(depth, maybe({ additionalProperties: false })),
      () => array(depth),
      () => ({ anyOf: [node(depth + 1), { type: 'null' }] }),
      () => ({ anyOf: [node(depth + 1), node(depth + 1)] }),
      () => ({ oneOf: some(LABELS, 2).map((kind) => variant(kind, depth)) }),
      () => ({ $ref: '#/$defs/node' }),
      () => ({ allOf: [object(depth), { type: 'object', properties: { extra: node(depth + 1) } }] }),
      () => ({ type: 'object', additionalProperties: node(depth + 1), ...maybe({ minProperties: 1 }) }),
      () => ({ type: 'array', prefixItems: [node(depth + 1), node(depth + 1)] }),
    ];
    const made = pick(depth > 3 || random() < 0.5 ? leaves : branches)() as JsonSchema;
    return {
      ...made,
      ...maybe({ description: `The ${pick(NAMES)} of ${pick(LABELS)}: ${pick(LABELS)} things` }),
    };
  };
  const variant = (kind: string, depth: number): JsonSchema => {
    const { properties, required } = object(depth);
    return {
      type: 'object',
      properties: { ...properties, kind: { const: kind } },
      required: [...(required ?? []).filter((name) => name !== 'kind'), 'kind'],
    };
  };
  const array = (depth: number): JsonSchema => {
    const least = int(0, 2);
    // Booleans and constants have too few values for a list of different ones.
    const items = random() < 0.2 ? { type: 'integer' } : node(depth + 1);
    const unique =
      'type' in (items as JsonSchema) && (items as JsonSchema).type === 'integer' && random() < 0.5;
    return {
      type: 'array',
      items,
      minItems: least,
      ...maybe({ maxItems: least + int(0, 3) }),
      ...(unique ? { uniqueItems: true } : {}),
    };
  };
  const text = (): JsonSchema => {
    const roll = random();
    if (roll < 0.2) return { type: 'string', pattern: pick(PATTERNS) };
    if (roll < 0.4) return { type: 'string', format: pick(FORMATS) };
    const least = int(0, 30);
    return { type: 'string', ...maybe({ minLength: least }), ...maybe({ maxLength: least + int(0, 60) }) };
  };
  const number = (): JsonSchema => {
    const low = int(-50, 50);
    return {
      type: 'number',
      ...maybe({ minimum: low }),
      ...maybe({ maximum: low + int(1, 40) }),
      ...maybe({ multipleOf: 0.5 }),
    };
  };
  const integer = (): JsonSchema => {
    const low = int(-50, 50);
    return {
      type: 'integer',
      ...maybe({ exclusiveMinimum: low }),
      ...maybe({ exclusiveMaximum: low + int(5, 40) }),
      ...maybe({ multipleOf: int(1, 3) }),
    };
  };
  const int = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const pick = <T>(from: readonly T[]): T => from[int(0, from.length - 1)] as T;
  const maybe = <T extends object>(part: T): T | object => (random() < 0.5 ? part : {});
  const some = (from: readonly string[], count: number) =>
    [...from].sort(() => random() - 0.5).slice(0, count);

  const recursive = {
    type: 'object',
    properties: { name: { type: 'string' }, parts: { type: 'array', items: { $ref: '#/$defs/node' } } },
    required: ['name', 'parts'],
  };
  return { ...object(0), $defs: { node: recursive } };
}
