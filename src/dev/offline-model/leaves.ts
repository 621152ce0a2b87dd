import { isObject } from './facts.js';
import { TITLES } from './name-kinds.js';

/** In JSON that holds one of these, the rest is what the question is about. */
const QUESTION_KEYS = new Set(['question', 'query', 'request', 'task', 'goal', 'ask', 'objective']);

export interface Leaf {
  text: string;
  /** Whether a question beside it is about it. */
  material: boolean;
  /** Whether it is a heading, which says in a few words what the rest is about. */
  title: boolean;
}

/** The texts and numbers in a JSON value, in order. */
export function leavesOf(value: unknown, material = false, title = false): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number')
    return [{ text: String(value), material, title }];
  if (Array.isArray(value)) return value.flatMap((element: unknown) => leavesOf(element, material));
  if (!isObject(value)) return [];
  const keys = Object.keys(value);
  const asks = (key: string) => QUESTION_KEYS.has(key.toLowerCase());
  const asked = keys.some((key) => asks(key) && typeof value[key] === 'string');
  return keys.flatMap((key) =>
    leavesOf(value[key], material || (asked && !asks(key)), TITLES.has(key.toLowerCase())),
  );
}
