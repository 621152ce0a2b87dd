import type { Context } from './conversation.js';
import { factsNamed, type Fact } from './facts.js';
import type { JsonSchema, SchemaNode } from './json-schema.js';
import { conforms } from './schema-check.js';
import { GENERIC_NAME_WORDS } from './stop-words.js';
import { words } from './words.js';

/** A place in an answer that wants a value. */
export interface Slot {
  /** Resolved, and without null as an answer. */
  schema: JsonSchema;
  /** Where the schema's references start. */
  root: JsonSchema;
  name: string;
  /** The name of the object or list around it, if any. */
  parent: string;
  description: string;
  /** Whether nothing may stand here, so that a value is given only for a reason. */
  optional: boolean;
  context: Context;
  /** In a list: which element this is part of, from 0, and the ids of those before. */
  element?: { index: number; idsBefore: readonly string[] };
  /** How sure the last label of the object around it is, 0 to 1. */
  certainty?: number;
  depth: number;
  /** How many more slots may be filled from the conversation: a schema that contains itself has no end. */
  work: { left: number };
}

/** An answer for a slot. `found`: the conversation gives a reason for it; else it is a guess. */
export interface Filled {
  value: unknown;
  found: boolean;
  /** Of a label that was chosen among others: how sure the choice is, 0 to 1. */
  certainty?: number;
}

/** Fills a slot with any schema; passed to the fillers of lists and objects, which contain others. */
export type Fill = (node: SchemaNode | undefined, slot: Omit<Slot, 'schema' | 'description'>) => Filled;

/**
 * The value of the fact whose name is most like the slot's, if it is at least `likeness` alike, fits the schema,
 * and `accept`s. Numbers written as text, and texts that are numbers, are converted.
 */
export function copiedFact(
  slot: Slot,
  likeness: number,
  accept: (fact: Fact) => boolean = () => true,
): Filled | undefined {
  for (const [name, itemOnly] of namesOf(slot)) {
    for (const named of factsNamed(name, slot.context.facts, slot.context.question)) {
      if (named.likeness < likeness) break;
      if ((itemOnly && named.fact.source !== 'item') || !accept(named.fact)) continue;
      const value = converted(named.fact.value, slot.schema).find((candidate) =>
        conforms(candidate, slot.schema, slot.root),
      );
      if (value !== undefined) return { value, found: true };
    }
  }
  return undefined;
}

/** A name such as `id` means something only together with what it is an id of. */
function namesOf({ name, parent }: Slot): [name: string, itemOnly: boolean][] {
  const generic = words(name).every((word) => GENERIC_NAME_WORDS.has(word));
  if (!generic || !parent) return [[name, false]];
  return [
    [`${parent} ${name}`, false],
    [name, true],
  ];
}

function converted(value: unknown, schema: JsonSchema): unknown[] {
  if (typeof value === 'number') return [value, String(value)];
  if (typeof value === 'string' && value.trim() !== '' && schema.type !== 'string')
    return [value, Number(value)];
  return [value];
}
