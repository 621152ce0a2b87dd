import { parseEmbedded } from './embedded-json.js';
import { factsIn, factsInLines, isObject, type Fact, type Source } from './facts.js';
import { sentences } from './sentences.js';
import { affirmedTerms, nameTerms, terms } from './words.js';

/** What this model reads of a chat-completions request; all the rest is ignored. */
export interface ModelRequest {
  messages: ModelMessage[];
  tools?: OfferedTool[];
  tool_choice?: unknown;
  response_format?: { type: string; [key: string]: unknown };
}

export interface ModelMessage {
  role: string;
  content: string | { type: string; text?: string }[] | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

export interface OfferedTool {
  function: { name: string; description?: string; parameters?: object };
}

/** A sentence, or a record told as one, that an answer may use. */
export interface Passage {
  text: string;
  terms: string[];
  source: Source;
}

/** All that an answer can be made of. */
export interface Context {
  /** System and developer messages. */
  instructions: string;
  /** What users said, earliest first, the values of JSON included. */
  userText: string;
  /** What tools answered, and material that users gave along with a question. */
  foundText: string;
  /** What is asked about: the weight of each term, more for later messages. */
  question: ReadonlyMap<string, number>;
  /** Terms of the user's text that aren't denied in it ("not urgent"). */
  affirmed: ReadonlySet<string>;
  facts: readonly Fact[];
  passages: readonly Passage[];
  /** The JSON values in the last user message. */
  input: readonly unknown[];
}

/** No more than this of a conversation is read, its end; in characters. */
const MAX_CHARS = 400_000;
/** How much less a message counts than the one after it. */
const RECENCY = 0.5;
/** How much what is said about material counts against the question it was given for. */
const MATERIAL_WEIGHT = 0.2;
/** A string in JSON with this many words or more is prose. */
const PROSE_WORDS = 4;

/** In JSON that holds one of these, the rest is what the question is about. */
const QUESTION_KEYS = new Set(['question', 'query', 'request', 'task', 'goal', 'ask', 'objective']);

/** The text of a message, whatever form it has. */
export function textOf({ content }: ModelMessage): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part) => part.text ?? '').join('\n') : '';
}

/** Whether a tool's answer is an error, which nothing is to be learnt from. */
export function isErrorText(text: string): boolean {
  return /^\W*error\b/i.test(text);
}

export function readConversation({ messages }: ModelRequest): Context {
  const read = newestWithin(messages, MAX_CHARS);
  const instructions = messages.filter(isInstruction).map(textOf).join('\n');
  const facts: Fact[] = [];
  const passages: Passage[] = [];
  const question = new Map<string, number>();
  const userTexts: string[] = [];
  const foundTexts: string[] = [];
  let input: unknown[] = [];
  const ask = (text: string, weight: number) => {
    for (const term of terms(text)) question.set(term, (question.get(term) ?? 0) + weight);
  };
  const userMessages = read.filter(({ role }) => role === 'user').length;
  let seen = 0;

  for (const message of read) {
    const text = textOf(message);
    if (message.role === 'user') {
      seen += 1;
      const weight = RECENCY ** (userMessages - seen);
      const { values, prose } = parseEmbedded(text);
      input = values;
      userTexts.push(prose);
      ask(prose, weight);
      facts.push(...factsInLines(prose, 'user'));
      passages.push(...passagesOf(prose, 'user'));
      for (const value of values) {
        facts.push(...factsIn(value, 'user'));
        for (const { text: leaf, material } of leavesOf(value)) {
          (material ? foundTexts : userTexts).push(leaf);
          ask(leaf, material ? weight * MATERIAL_WEIGHT : weight);
          if (isProse(leaf)) passages.push(...passagesOf(leaf, material ? 'material' : 'user'));
        }
      }
    } else if (message.role === 'tool' && !isErrorText(text)) {
      const { values, prose } = parseEmbedded(text);
      foundTexts.push(text);
      facts.push(
        ...factsInLines(prose, 'tool'),
        ...values.flatMap((value) => factsIn(value, 'tool', toolOf(message, messages))),
      );
      passages.push(
        ...passagesOf(prose, 'tool'),
        ...values.flatMap((value) => recordPassages(value, 'tool')),
      );
    }
  }
  const userText = userTexts.filter(Boolean).join('\n');
  const affirmed = affirmedTerms(userText);
  return {
    instructions,
    userText,
    foundText: foundTexts.join('\n'),
    question,
    affirmed,
    facts,
    passages,
    input,
  };
}

/** The same conversation, seen from one element of a list that an answer is made for. */
export function focusOn(context: Context, element: unknown): Context {
  const text =
    typeof element === 'string'
      ? element
      : leavesOf(element)
          .map((leaf) => leaf.text)
          .join('\n');
  const question = new Map([...context.question].map(([term, weight]) => [term, weight * MATERIAL_WEIGHT]));
  for (const term of terms(text)) question.set(term, (question.get(term) ?? 0) + 1);
  const own = typeof element === 'string' ? passagesOf(element, 'item') : recordPassages(element, 'item');
  return {
    ...context,
    userText: text,
    question,
    affirmed: affirmedTerms(text),
    facts: [...factsIn(element, 'item'), ...context.facts],
    passages: [...own, ...context.passages],
  };
}

function isInstruction({ role }: ModelMessage): boolean {
  return role === 'system' || role === 'developer';
}

function newestWithin(messages: readonly ModelMessage[], chars: number): ModelMessage[] {
  let left = chars;
  const kept: ModelMessage[] = [];
  for (const message of [...messages].reverse()) {
    if (isInstruction(message)) continue;
    left -= textOf(message).length;
    if (left < 0 && kept.length > 0) break;
    kept.unshift(message);
  }
  return kept;
}

/**
 * The tool that a result came from, as the outermost name of what is in it. Ids of calls repeat, so the last
 * call with the id before the result counts.
 */
function toolOf(result: ModelMessage, messages: readonly ModelMessage[]): string[] {
  const before = messages.slice(0, messages.indexOf(result)).reverse();
  const call = before
    .flatMap((message) => message.tool_calls ?? [])
    .find(({ id }) => id === result.tool_call_id);
  return call ? [call.function.name] : [];
}

function isProse(text: string): boolean {
  return text.trim().split(/\s+/).length >= PROSE_WORDS;
}

function passagesOf(text: string, source: Source): Passage[] {
  return sentences(text).map((sentence) => ({ text: sentence, terms: terms(sentence), source }));
}

/** The prose in a JSON value, and each record that has none, told as one sentence. */
function recordPassages(value: unknown, source: Source): Passage[] {
  if (typeof value === 'string') return isProse(value) ? passagesOf(value, source) : [];
  if (Array.isArray(value)) return value.flatMap((element: unknown) => recordPassages(element, source));
  if (!isObject(value)) return [];
  const entries = Object.entries(value);
  const told = entries.some(([, part]) => typeof part === 'string' && isProse(part))
    ? ''
    : tellRecord(entries);
  const own = told ? [{ text: told, terms: terms(told), source }] : [];
  return [...own, ...entries.flatMap(([, part]) => recordPassages(part, source))];
}

function tellRecord(entries: [string, unknown][]): string {
  const told = entries
    .filter(([, part]) => ['string', 'number', 'boolean'].includes(typeof part) && part !== '')
    .map(([key, part]) => `${[...wordsOf(key)].join(' ')}: ${String(part)}`);
  return told.length > 1 ? `${told.join(', ')}.` : '';
}

function wordsOf(key: string): string[] {
  return key
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_-]+/);
}

function leavesOf(value: unknown, material = false): { text: string; material: boolean }[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ text: String(value), material }];
  if (Array.isArray(value)) return value.flatMap((element: unknown) => leavesOf(element, material));
  if (!isObject(value)) return [];
  const keys = Object.keys(value);
  const asks = (key: string) => [...nameTerms(key)].length === 1 && QUESTION_KEYS.has(key.toLowerCase());
  const asked = keys.some((key) => asks(key) && typeof value[key] === 'string');
  return keys.flatMap((key) => leavesOf(value[key], material || (asked && !asks(key))));
}
