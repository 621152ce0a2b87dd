import { isDeepStrictEqual } from 'node:util';
import { focusOn, type Context } from './conversation.js';
import { documentsUsed } from './documents-used.js';
import { extract, rarityIn } from './extractor.js';
import { factsNamed, isObject } from './facts.js';
import { rankGiven } from './given-choices.js';
import { resolveSchema, splitNullable, typesOf, type JsonSchema } from './json-schema.js';
import { rankLabels } from './label-chooser.js';
import { leavesOf } from './leaves.js';
import { conforms } from './schema-check.js';
import { requestParts, requestsIn } from './sentences.js';
import { smallestValue } from './smallest-value.js';
import { isNothingToCheck } from './nothing-to-check.js';
import type { Fill, Filled, Slot } from './slot.js';
import { OBJECTION_LIST_WORDS } from './stop-words.js';
import { namedAs, nameTerms, terms, words } from './words.js';

/** Lists whose names have nearly all words in common are the same list. */
const SAME_LIST = 0.6;
const MAX_PARTS = 6;
const MAX_ELEMENTS = 50;
const MAX_SHORT = 3;
/** What shares less with the question than this part of what the best shares does not answer it. */
const FOUND_FLOOR = 0.5;

const list = (text: string) => new Set(text.split(' '));
const IDS = list('ids id citations citation sources source references reference documents refs used');
const DEPENDENCIES = list(
  'depends dependencies dependency after requires needs prerequisites prerequisite blocked',
);
const KEYWORDS = list('keywords tags topics terms queries searches');
const QUESTIONS = list('questions requests asks wishes demands');
const FINDINGS = list(
  'points findings facts highlights notes quotes evidence steps sections claims takeaways answers lines passages',
);
const FOLLOWS = /^(then|after|afterwards|finally|next|lastly|based on|using)\b/i;
const REFERS_BACK = /\b(both|them|these|those|everything|all of|the (results?|findings|outcomes?))\b/i;

/**
 * A list: labels out of those that its description names; a fact that is the same list; the labels that fit; for objects, one for each element of the list that
 * was given, or each part of what was asked; ids of what was used; sentences that answer. Lists of objections
 * are empty, and so is every list that nothing speaks for.
 */
export function fillArray(slot: Slot, fill: Fill): Filled {
  const { schema, root } = slot;
  if (schema.prefixItems) return fillTuple(slot, fill);
  const limit = Math.min(schema.maxItems ?? MAX_ELEMENTS, MAX_ELEMENTS);
  const given = rankGiven(slot)?.slice(0, Math.min(limit, MAX_SHORT));
  if (given && conforms(given, schema, root)) return { value: given, found: given.length > 0 };
  for (const { fact, likeness } of factsNamed(slot.name, slot.context.facts, slot.context.question)) {
    if (likeness < SAME_LIST || !Array.isArray(fact.value)) continue;
    const value = fact.value.slice(0, limit);
    if (conforms(value, schema, root)) return { value, found: true };
  }
  const elements = elementsFor(slot, fill).filter((element) => conforms(element, schema.items, root));
  const different = schema.uniqueItems ? distinct(elements) : elements;
  const value = padded(different.slice(0, limit), schema, root);
  return conforms(value, schema, root)
    ? { value, found: elements.length > 0 || namedAs(slot.name, OBJECTION_LIST_WORDS) }
    : { value: smallestValue(schema, root), found: false };
}

function elementsFor(slot: Slot, fill: Fill): unknown[] {
  const { name, root, context, element } = slot;
  const items = splitNullable(resolveSchema(slot.schema.items, root), root).schema;
  if (namedAs(name, DEPENDENCIES)) {
    const before = element?.idsBefore ?? [];
    if (REFERS_BACK.test(context.userText)) return [...before];
    return FOLLOWS.test(context.userText) ? before.slice(-1) : [];
  }
  if (namedAs(name, OBJECTION_LIST_WORDS)) {
    const nothing = isNothingToCheck(context) && typesOf(items)[0] === 'string';
    return nothing ? ['There is nothing to check.'] : [];
  }
  if (items.enum) {
    const labels = items.enum.filter((label) => typeof label === 'string');
    const ranked = rankLabels({
      labels,
      description: `${slot.description}\n${items.description ?? ''}`,
      context,
    });
    return ranked
      .filter(({ score }) => score > 0)
      .map(({ label }) => label)
      .slice(0, MAX_SHORT);
  }
  const branches = [
    items,
    ...(items.anyOf ?? items.oneOf ?? []).map((branch) => resolveSchema(branch, root)),
  ];
  if (branches.some(({ properties }) => properties)) return filledElements(slot, items, fill);
  if (typesOf(items)[0] !== 'string') return [];
  return shortTexts(slot);
}

/** One object for each element of a given list, else for each part of what is asked. */
function filledElements(slot: Slot, items: JsonSchema, fill: Fill): unknown[] {
  const { name, root, context } = slot;
  const idsBefore: string[] = [];
  return subjectsFor(slot, items).map((subject, index) => {
    const value = fill(items, {
      root,
      name: '',
      parent: name,
      optional: false,
      context: focusOn(context, subject),
      element: { index, idsBefore: [...idsBefore] },
      depth: slot.depth + 1,
      work: slot.work,
    }).value;
    if (isObject(value) && typeof value['id'] === 'string') idsBefore.push(value['id']);
    return value;
  });
}

function subjectsFor({ name, context, schema }: Slot, items: JsonSchema): unknown[] {
  const lists = context.facts.filter(({ value }) => Array.isArray(value) && value.some(isObject));
  const [named] = factsNamed(name, lists, context.question);
  const wanted = Object.keys(items.properties ?? {});
  const shares = (value: unknown) => isObject(value) && wanted.some((key) => key in value);
  const fact =
    named?.fact ??
    lists.find(({ value }) => Array.isArray(value) && value.some(shares)) ??
    lists.find(({ path }) => wanted.some((key) => refersTo(key, path.at(-1) ?? '')));
  const given = fact?.value ?? context.input.find((value) => Array.isArray(value) && value.some(shares));
  const isFound = fact?.source === 'tool' && FINDINGS.has(words(name).at(-1) ?? '');
  if (Array.isArray(given)) return isFound ? answering(given, context) : given;
  // In one line: what stands in several fields is still one thing to do.
  const parts = requestParts(context.userText.trim());
  return parts.slice(0, Math.min(schema.maxItems ?? MAX_PARTS, MAX_PARTS));
}

/** Whether a name is of ids of a list's elements: `nodeIds` and `nodes`. */
function refersTo(name: string, list: string): boolean {
  const [of, end] = [words(name).slice(0, -1).join(' '), words(name).at(-1)];
  return /^ids?$/.test(end ?? '') && of !== '' && isDeepStrictEqual(nameTerms(of), nameTerms(list));
}

/** Of what a tool found, what has to do with the question: a search gives more than answers it. */
function answering(found: readonly unknown[], { asked }: Context): unknown[] {
  const said = found.map((element) => ({ terms: leavesOf(element).flatMap(({ text }) => terms(text)) }));
  const rarity = rarityIn(said);
  const weights = said.map((own) => {
    const shared = new Set(own.terms.filter((term) => asked.has(term)));
    return [...shared].reduce((sum, term) => sum + rarity(term), 0);
  });
  const floor = FOUND_FLOOR * Math.max(...weights);
  return found.filter((_, place) => (weights[place] ?? 0) >= floor);
}

function shortTexts({ name, description, context, schema }: Slot): string[] {
  const limit = Math.min(schema.maxItems ?? MAX_SHORT, MAX_SHORT);
  const last = words(name).at(-1) ?? '';
  if (IDS.has(last) || /\b(ids?|titles?|paths?|cited|citations?)\b/i.test(description)) {
    return documentsUsed(context).slice(0, limit);
  }
  if (KEYWORDS.has(last)) {
    const asked = [...context.question].sort((a, b) => b[1] - a[1]).map(([term]) => term);
    const written = words(context.userText);
    return asked.slice(0, limit).map((term) => written.find((word) => word.startsWith(term)) ?? term);
  }
  if (QUESTIONS.has(last)) return requestsIn(context.userText, context.title).slice(0, limit);
  const relevant = extract(context, { limit, about: `${name} ${description}`, onlyRelevant: true });
  return relevant.length > 0 || !FINDINGS.has(last) ? relevant : extract(context, { limit });
}

function fillTuple(slot: Slot, fill: Fill): Filled {
  const { schema, root, name, context, depth, work } = slot;
  const filled = (schema.prefixItems ?? []).map((node) =>
    fill(node, { root, name, parent: slot.parent, optional: false, context, depth: depth + 1, work }),
  );
  const value = filled.map((part) => part.value);
  return conforms(value, schema, root)
    ? { value, found: filled.some((part) => part.found) }
    : { value: smallestValue(schema, root), found: false };
}

/** Brings a list to its least length with elements that say nothing. */
function padded(elements: unknown[], schema: JsonSchema, root: JsonSchema): unknown[] {
  const missing = (schema.minItems ?? 0) - elements.length;
  if (missing <= 0) return elements;
  const fillers = smallestValue({ ...schema, minItems: schema.minItems ?? 0 }, root);
  return [...elements, ...(Array.isArray(fillers) ? fillers.slice(0, missing) : [])];
}

function distinct(elements: readonly unknown[]): unknown[] {
  return elements.filter(
    (element, index) => !elements.slice(0, index).some((other) => isDeepStrictEqual(other, element)),
  );
}
