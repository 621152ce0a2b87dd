import { z } from 'zod';
import { defineAgent } from '../../../src/agents/index.js';
import type { OutputSchema } from '../../../src/activities/output-schema.js';
import { Registry } from '../../../src/activities/registry.js';

/** The schema as an agent's output, as the worker holds it. */
function outputSchema(output: z.ZodType): OutputSchema {
  const agent = defineAgent({ description: 'd', instructions: 'i', model: 'm', output });
  const schema = new Registry({ agent }).agents.get('agent')?.output;
  if (!schema) throw new Error('the output is text');
  return schema;
}

const Tree = z.object({
  value: z.number(),
  get children() {
    return z.array(Tree);
  },
});
const Nest: z.ZodType = z.array(z.union([z.string(), z.lazy(() => Nest)]));
const Person = z.object({ name: z.string() }).meta({ id: 'Person' });
const deep = (levels: number): z.ZodType => (levels === 0 ? z.string() : z.object({ in: deep(levels - 1) }));

describe('the schema that a model is asked for', () => {
  it.each<[string, z.ZodType, boolean]>([
    ['an object', z.object({ a: z.string(), b: z.number() }), true],
    ['a closed object', z.strictObject({ a: z.string() }), true],
    ['an open object', z.looseObject({ a: z.string() }), false],
    ['an object without properties', z.object({}), true],
    ['optional properties', z.object({ a: z.string().optional() }), false],
    ['a default', z.object({ a: z.string().default('x') }), false],
    ['what may be null', z.object({ a: z.string().nullable(), b: Person.nullable() }), true],
    ['a union', z.object({ a: z.union([z.string(), Person]) }), true],
    [
      'a discriminated union',
      z.object({
        a: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('x'), x: z.number() }),
          z.object({ kind: z.literal('y') }),
        ]),
      }),
      true,
    ],
    ['a record', z.record(z.string(), z.number()), false],
    ['a record of a property', z.object({ a: z.record(z.string(), z.number()) }), false],
    ['a tuple', z.object({ a: z.tuple([z.string(), z.number()]) }), false],
    ['nested lists', z.object({ a: z.array(z.array(z.object({ b: z.string() }))) }), true],
    [
      'an optional property in a list',
      z.object({ a: z.array(z.object({ b: z.string().optional() })) }),
      false,
    ],
    ['anything', z.object({ a: z.any() }), false],
    ['a list of anything', z.object({ a: z.array(z.unknown()) }), false],
    ['enumerations and literals', z.object({ a: z.enum(['x', 'y']), b: z.literal(['z', 1, null]) }), true],
    ['a recursive object', Tree, true],
    ['a definition that is used twice', z.object({ a: Person, b: Person.describe('the other') }), true],
    ['ten levels', deep(10), true],
    ['eleven levels', deep(11), false],
    ['a number', z.number(), true],
    ['a list', z.array(z.string()), true],
    ['a recursive list', Nest, true],
    ['a union at the root', z.union([z.string(), z.number()]), true],
    ['an object that may be null', Person.nullable(), true],
  ])('of %s: strict is as it must be', (_, schema, strict) => {
    const { json, strict: isStrict } = outputSchema(schema);
    expect(isStrict).toBe(strict);
    expect(json.type).toBe('object');
    expect(JSON.stringify(json)).not.toContain('"oneOf"');
    if (strict) expect(openObjects(json)).toEqual([]);
  });

  it('leaves out what strict mode rejects, and tells it in words', () => {
    const schema = z.object({
      site: z.url().describe('where'),
      name: z.string().min(2).max(5),
      mail: z.email(),
      code: z.string().regex(/^a(?=b)/),
      word: z.string().regex(/^\w+$/),
      count: z.int().min(1).max(9),
    });
    expect(outputSchema(schema).json.properties).toEqual({
      site: { type: 'string', description: 'where; format: "uri"' },
      name: { type: 'string', description: 'minLength: 2; maxLength: 5' },
      mail: { type: 'string', format: 'email' },
      code: { type: 'string', description: 'pattern: "^a(?=b)"' },
      word: { type: 'string', pattern: '^\\w+$' },
      count: { type: 'integer', minimum: 1, maximum: 9 },
    });
  });

  it('has references that stand alone, and point to what they did', () => {
    expect(outputSchema(z.object({ a: Person.describe('the other') })).json.properties).toEqual({
      a: { $ref: '#/$defs/Person' },
    });
    expect(outputSchema(Tree).json.properties).toMatchObject({ children: { items: { $ref: '#' } } });
    expect(outputSchema(Nest).json).toEqual({
      type: 'object',
      properties: { result: { $ref: '#/$defs/__output' } },
      required: ['result'],
      additionalProperties: false,
      $defs: {
        __output: {
          type: 'array',
          items: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/__output' }] },
        },
      },
    });
    expect(outputSchema(z.array(Person)).json).toMatchObject({
      properties: { result: { items: { $ref: '#/$defs/Person' } } },
      $defs: { Person: { type: 'object' } },
    });
  });

  it('keeps properties that are named like keywords', () => {
    const schema = z.object({ pattern: z.string(), default: z.string(), oneOf: z.array(z.string()) });
    const { strict, json } = outputSchema(schema);
    expect(strict).toBe(true);
    expect(json.required).toEqual(['pattern', 'default', 'oneOf']);
  });
});

describe('an answer', () => {
  const point = outputSchema(z.object({ x: z.number(), y: z.number().optional() }));
  const list = outputSchema(z.array(z.number()));

  it.each<[string, OutputSchema, string, unknown, boolean]>([
    ['plain', point, '{"x":1}', { x: 1 }, true],
    ['with blanks around', point, ' {"x": 1}\n', { x: 1 }, true],
    ['with more than the schema has', point, '{"x":1,"z":2}', { x: 1 }, false],
    ['in a fence', point, '```json\n{"x":1}\n```', { x: 1 }, false],
    ['in a fence of one line', point, '```{"x":1}```', { x: 1 }, false],
    ['after thoughts', point, '<think>One?\n</think>\n{"x":1}', { x: 1 }, false],
    ['wrapped', list, '{"result":[1,2]}', [1, 2], false],
    ['not wrapped after all', list, '[1,2]', [1, 2], true],
    [
      'that its schema transforms',
      outputSchema(z.object({ x: z.string().pipe(z.coerce.number()) })),
      '{"x":"7"}',
      { x: 7 },
      false,
    ],
    [
      'of a union, not wrapped after all',
      outputSchema(z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])),
      '{"b":"x"}',
      { b: 'x' },
      true,
    ],
  ])('%s is read', async (_, schema, text, output, same) => {
    expect(await schema.parse(text)).toEqual({ ok: true, output, same });
  });

  it.each([
    ['', 'The answer is not valid JSON.'],
    ['Sure! {"x":1}', 'The answer is not valid JSON.'],
    ['{"x":"one"}', '✖ Invalid input: expected number, received string\n  → at x'],
    ['[]', '✖ Invalid input: expected object, received array'],
  ])('%j is refused with a reason', async (text, problem) => {
    expect(await point.parse(text)).toEqual({ ok: false, problem });
  });
});

/** Objects of a strict schema that are open, or do not require all that they have. */
function openObjects(json: unknown): unknown[] {
  if (typeof json !== 'object' || json === null) return [];
  const { properties, required, additionalProperties } = json as Record<string, unknown>;
  const below = Object.values(json).flatMap(openObjects);
  if (!('type' in json) || json.type !== 'object') return below;
  const names = Object.keys(properties as object);
  const closed =
    additionalProperties === false && names.every((name) => (required as string[]).includes(name));
  return closed ? below : [json, ...below];
}
