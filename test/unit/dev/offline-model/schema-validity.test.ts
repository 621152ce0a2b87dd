import { z } from 'zod';
import { readConversation } from '../../../../src/dev/offline-model/conversation.js';
import type { JsonSchema } from '../../../../src/dev/offline-model/json-schema.js';
import { conforms } from '../../../../src/dev/offline-model/schema-check.js';
import { fillSchema } from '../../../../src/dev/offline-model/schema-filler.js';
import { smallestValue } from '../../../../src/dev/offline-model/smallest-value.js';
import { randomSchema, seeded } from './random-schema.js';

const RICH = readConversation({
  messages: [
    { role: 'system', content: 'Answer briefly. red: warm things; green: plants.' },
    {
      role: 'user',
      content: `Please look at ORD-4711, it is urgent: the plants in AB-1234 cost 12.50 USD and 3 tags are wrong.
        Write to me at kim@example.org by 2031-05-06, or see https://example.org/a?b=c. 😀 Regards, Kim Doe
        ${JSON.stringify({
          items: [
            { id: 'i1', name: 'fern', total_usd: 4 },
            { id: 'i2', name: 'moss', total_usd: -7.25 },
          ],
          summary: '',
          count: '12',
          notes: null,
          parts: [{ name: 'root', parts: [] }],
        })}`,
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'x', function: { name: 'lookUp', arguments: '{}' } }],
    },
    {
      role: 'tool',
      tool_call_id: 'x',
      content: '[{"id":"S-1","text":"Ferns need shade and water. They are green."},{"score":7}]',
    },
  ],
});
const EMPTY = readConversation({ messages: [{ role: 'user', content: '' }] });

describe('fillSchema', () => {
  it('gives a valid value for whatever schema and conversation', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const schema = randomSchema(seeded(seed));
      const check = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
      for (const context of [RICH, EMPTY]) {
        const value = fillSchema(schema, context);
        const { error } = check.safeParse(value);
        if (error || !conforms(value, schema, schema)) {
          throw new Error(
            `seed ${seed}: ${JSON.stringify({ schema, value, issues: error?.issues }, null, 1)}`,
          );
        }
      }
    }
  });

  it('gives the same value again', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const schema = randomSchema(seeded(seed));
      expect(fillSchema(schema, RICH)).toEqual(fillSchema(schema, RICH));
    }
  });

  it.each([
    [
      'texts with a form',
      z.object({
        a: z.email(),
        b: z.uuid(),
        c: z.url(),
        d: z.iso.date(),
        e: z.iso.datetime(),
        f: z.iso.time(),
        g: z.ipv4(),
      }),
    ],
    [
      'other forms',
      z.object({
        a: z.ulid(),
        b: z.cuid2(),
        c: z.nanoid(),
        d: z.e164(),
        e: z.base64(),
        f: z.iso.duration(),
        g: z.ipv6(),
      }),
    ],
    [
      'lengths',
      z.object({ name: z.string().min(40).max(45), text: z.string().length(7), title: z.string().max(3) }),
    ],
    [
      'numbers',
      z.object({
        a: z.int().positive(),
        b: z.number().lt(0),
        c: z.number().gt(0).lt(0.001),
        d: z.int().multipleOf(7).min(8),
      }),
    ],
    [
      'records',
      z.object({ a: z.record(z.string(), z.number()), b: z.record(z.enum(['x', 'y']), z.boolean()) }),
    ],
    [
      'tuples and unions',
      z.object({
        a: z.tuple([z.string(), z.int()]),
        b: z.union([z.literal(3), z.string().min(2)]),
        c: z.literal([1, 2]),
      }),
    ],
    [
      'intersections',
      z.object({ a: z.intersection(z.object({ x: z.string() }), z.object({ y: z.number() })) }),
    ],
    ['defaults', z.object({ a: z.string().default('d'), b: z.number().min(5).default(6) })],
    ['any JSON', z.object({ a: z.json(), b: z.unknown(), c: z.array(z.json()).min(1) })],
    [
      'sets',
      z.object({
        tags: z.array(z.enum(['a', 'b', 'c'])).min(2),
        list: z.array(z.string()).min(3),
        one: z.array(z.object({ k: z.string() })).length(1),
      }),
    ],
  ])('answers schemas of zod: %s', (_title, schema) => {
    for (const context of [RICH, EMPTY]) {
      expect(
        schema.safeParse(fillSchema(z.toJSONSchema(schema) as JsonSchema, context)).error,
      ).toBeUndefined();
    }
  });

  it('comes to an end with schemas that contain themselves', () => {
    interface Tree {
      name: string;
      children: Tree[];
      either: Tree | string;
    }
    const tree: z.ZodType<Tree> = z.lazy(() =>
      z.object({ name: z.string(), children: z.array(tree), either: z.union([z.string(), tree]) }),
    );
    const started = Date.now();
    expect(tree.safeParse(fillSchema(z.toJSONSchema(tree) as JsonSchema, RICH)).error).toBeUndefined();
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});

describe('smallestValue', () => {
  it('is valid too', () => {
    for (let seed = 1_000; seed <= 1_300; seed += 1) {
      const schema = randomSchema(seeded(seed));
      expect(conforms(smallestValue(schema, schema), schema, schema)).toBe(true);
    }
  });
});
