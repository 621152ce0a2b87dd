import type { Context } from './conversation.js';
import { focusOn } from './conversation.js';
import { factsNamed, isObject } from './facts.js';
import { fillArray } from './fill-array.js';
import { fillBoolean } from './fill-boolean.js';
import { fillNumber } from './fill-number.js';
import { fillString } from './fill-string.js';
import { resolveSchema, splitNullable, typesOf, type JsonSchema } from './json-schema.js';
import { chooseLabel, rankLabels } from './label-chooser.js';
import { conforms } from './schema-check.js';
import { smallestValue } from './smallest-value.js';
import { copiedFact, type Fill, type Filled, type Slot } from './slot.js';

/** An answer that nests deeper than this is cut off with values that say nothing. */
const MAX_DEPTH = 8;
/** Slots that are filled from the conversation, at most. */
const MAX_SLOTS = 3_000;
const LEAST_LIKENESS = 0.45;
/** A record is the object asked for only if it is called so. */
const SAME_OBJECT = 0.6;

/**
 * A value for `schema` out of a conversation: copied where a fact is named alike, else found, chosen or
 * extracted by what the schema's names and descriptions say. It conforms to the schema wherever
 * `smallestValue` knows a value that does.
 */
export function fillSchema(schema: JsonSchema, context: Context, name = ''): unknown {
  return fill(schema, startAt(schema, context, { name, optional: false })).value;
}

/** The place of a whole answer, or of a part with a schema of its own, for `fill`. */
export function startAt(
  root: JsonSchema,
  context: Context,
  { name, optional }: { name: string; optional: boolean },
): Parameters<Fill>[1] {
  return { root, name, parent: '', optional, context, depth: 0, work: { left: MAX_SLOTS } };
}

/** As `fillSchema`, saying whether the conversation gives a reason for the value. */
export const fill: Fill = (node, place) => {
  const whole = resolveSchema(node, place.root);
  const { nullable, schema } = splitNullable(whole, place.root);
  const slot: Slot = {
    ...place,
    schema,
    description: [whole.title, whole.description].filter(Boolean).join('. '),
    optional: place.optional || nullable,
  };
  place.work.left -= 1;
  const filled = place.depth > MAX_DEPTH || place.work.left < 0 ? undefined : fillResolved(slot);
  if (filled && (filled.found || !nullable) && conforms(filled.value, whole, place.root)) return filled;
  if (nullable && conforms(null, whole, place.root)) return { value: null, found: false };
  return { value: smallestValue(whole, place.root), found: false };
};

function fillResolved(slot: Slot): Filled {
  const { schema } = slot;
  if ('const' in schema) return { value: schema.const, found: true };
  if (schema.enum) return fillEnum(slot, schema.enum);
  if (schema.anyOf ?? schema.oneOf) return fillBranch(slot);
  const [type] = typesOf(schema).filter((name) => name !== 'null');
  switch (type) {
    case 'object':
      return fillObject(slot);
    case 'array':
      return fillArray(slot, fill);
    case 'string':
      return fillString(slot);
    case 'number':
    case 'integer':
      return fillNumber({ ...slot, schema: { ...schema, type } });
    case 'boolean':
      return fillBoolean(slot);
    default:
      return copiedFact(slot, LEAST_LIKENESS) ?? { value: smallestValue(schema, slot.root), found: false };
  }
}

function fillEnum(slot: Slot, values: readonly unknown[]): Filled {
  const labels = values.filter((value) => typeof value === 'string');
  const copied = copiedFact(slot, LEAST_LIKENESS);
  if (copied) return copied;
  if (labels.length === 0) return { value: values[0], found: values.length === 1 };
  const { label, found, ...sure } = chooseLabel({
    labels,
    description: slot.description,
    context: slot.context,
  });
  return { value: label, found: found || labels.length === 1, ...sure };
}

/** The alternative whose fixed values and description fit best, and of which most is known. */
function fillBranch(slot: Slot): Filled {
  const { root, context, description } = slot;
  const { anyOf, oneOf, ...beside } = slot.schema;
  const branches = (anyOf ?? oneOf ?? []).map((branch) => resolveSchema({ allOf: [beside, branch] }, root));
  const labels = branches.map((branch) => labelOf(branch, root));
  const scores = new Map(
    rankLabels({ labels, description, context }).map(({ label, score }) => [label, score]),
  );
  const { schema: _schema, description: _description, ...place } = slot;
  const [best] = branches
    .map((branch, index) => {
      const filled = fill(branch, { ...place, depth: slot.depth + 1 });
      const known = filled.found ? shareFound(branch, slot) : 0;
      return { filled, index, score: (scores.get(labels[index] ?? '') ?? 0) + known };
    })
    .filter(({ filled }) => conforms(filled.value, slot.schema, root))
    .sort((a, b) => b.score - a.score || a.index - b.index);
  return best?.filled ?? { value: smallestValue(slot.schema, root), found: false };
}

/** What an alternative is called: its fixed values, else its title or description. */
function labelOf(branch: JsonSchema, root: JsonSchema): string {
  const fixed = Object.values(branch.properties ?? {})
    .map((node) => resolveSchema(node, root))
    .flatMap((schema) => ('const' in schema ? [schema.const] : schema.enum?.length === 1 ? schema.enum : []));
  return [...fixed.map(String), branch.title, branch.description].filter(Boolean).join(' ');
}

/** The share of an alternative's required properties that the conversation gives a reason for, 0 to 1. */
function shareFound(branch: JsonSchema, { root, context, name, depth, work }: Slot): number {
  const required = branch.required ?? [];
  const found = required.filter((key) => {
    const place = { root, name: key, parent: name, optional: true, context, depth: depth + 2, work };
    return fill(branch.properties?.[key], place).found;
  });
  return required.length === 0 ? 0.5 : found.length / required.length;
}

function fillObject(slot: Slot): Filled {
  const { schema, root, name, parent, depth } = slot;
  const own = name === '' ? [] : factsNamed(name, slot.context.facts, slot.context.question);
  const record = own.find(({ fact, likeness }) => likeness >= SAME_OBJECT && isObject(fact.value))?.fact
    .value;
  if (record !== undefined && conforms(record, schema, root)) return { value: record, found: true };
  const context = record === undefined ? slot.context : focusOn(slot.context, record);
  const required = new Set(schema.required ?? []);
  const value: Record<string, unknown> = {};
  let found = false;
  let certainty: number | undefined;
  for (const key of new Set([...Object.keys(schema.properties ?? {}), ...required])) {
    const filled = fill(schema.properties?.[key] ?? schema.additionalProperties, {
      root,
      name: key,
      parent: name || parent,
      optional: !required.has(key),
      context,
      ...(slot.element ? { element: slot.element } : {}),
      ...(certainty === undefined ? {} : { certainty }),
      depth: depth + 1,
      work: slot.work,
    });
    certainty = filled.certainty ?? certainty;
    if (!required.has(key) && !filled.found) continue;
    value[key] = filled.value;
    found ||= filled.found;
  }
  return conforms(value, schema, root)
    ? { value, found }
    : { value: smallestValue(schema, root), found: false };
}
