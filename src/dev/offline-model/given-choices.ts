import type { Context } from './conversation.js';
import { isObject } from './facts.js';
import { chooseLabel, rankLabels, type LabelQuestion } from './label-chooser.js';
import { isProse } from './passages.js';
import { conforms } from './schema-check.js';
import { copiedFact, type Filled, type Slot } from './slot.js';
import { affirmedTerms, nameTerms } from './words.js';

/** Labels that came with the request, instead of with its schema, and what they mean, where that is said. */
interface Choices {
  labels: string[];
  meanings?: ReadonlyMap<string, string>;
}

/**
 * One of the labels that the conversation gives for a slot: those of a list, or the keys of an object of texts, that is
 * called by the slot's name in the plural, or that the slot's description names in back-ticks.
 */
export function chooseGiven(slot: Slot): Filled | undefined {
  const choices = choicesFor(slot);
  if (!choices) return undefined;
  const copied = copiedFact(slot, 1, ({ value }) => choices.labels.some((label) => label === value));
  if (copied) return copied;
  const { label, found, certainty } = chooseLabel(questionOf(slot, choices));
  if (!conforms(label, slot.schema, slot.root)) return undefined;
  return { value: label, found, ...(certainty === undefined ? {} : { certainty }) };
}

/** For a list: the labels that fit, of those that its description names in back-ticks, best first. */
export function rankGiven(slot: Slot): string[] | undefined {
  const choices = choicesFor({ ...slot, name: '' });
  if (!choices) return undefined;
  const ranked = rankLabels(questionOf(slot, choices));
  return ranked.filter(({ score }) => score > 0).map(({ label }) => label);
}

function questionOf({ description, context }: Slot, choices: Choices): LabelQuestion {
  return { ...choices, description, context: without(choices, context) };
}

/** The conversation without the choices themselves, of which each would speak for itself. */
function without({ labels, meanings }: Choices, context: Context): Context {
  const own = new Set([...labels, ...(meanings?.values() ?? [])].flatMap((text) => text.split('\n')));
  const lines = context.userText.split('\n');
  const left = lines.filter((line) => !own.has(line));
  if (left.length === lines.length) return context;
  const userText = left.join('\n');
  return {
    ...context,
    userText,
    affirmed: affirmedTerms(userText),
    passages: context.passages.filter(({ text }) => !own.has(text)),
  };
}

function choicesFor({ name, description, context }: Slot): Choices | undefined {
  const wanted = [...nameTerms(name)].join(' ');
  for (const { path, names, value } of context.facts) {
    const key = path.at(-1) ?? '';
    const isNamed = description.includes(`\`${key}\``);
    const isPlural = wanted !== '' && key !== name && [...names.own].join(' ') === wanted;
    if (!isNamed && !isPlural) continue;
    const choices = choicesIn(value);
    if (choices && (isNamed || !choices.labels.every(isProse))) return choices;
  }
  return undefined;
}

function choicesIn(value: unknown): Choices | undefined {
  if (Array.isArray(value)) {
    const labels = value.filter((label): label is string => typeof label === 'string');
    return labels.length > 1 && labels.length === value.length ? { labels } : undefined;
  }
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  if (entries.length < 2 || entries.length < Object.keys(value).length) return undefined;
  return { labels: entries.map(([label]) => label), meanings: new Map(entries) };
}
