import type { Message } from './message.js';
import { READ_FUNCTION } from './names.js';
import type { View } from './turn.js';

/** This file imports types and names only, so that workflow code, activities and the trace show a conversation alike. */

export type { View };

/** A message as a model is shown it, and its place in the transcript, from which ids of calls are made. */
export interface ShownMessage {
  readonly message: Message;
  readonly place: number;
}

/** Results that are no longer than this, as JSON, are shown as they are: a line in their place would save nothing. */
const SHORT_RESULT = 200;

/**
 * What a model is shown of a conversation: in order what is pinned and what the call works on, the summary of what is left out, or
 * one line that tells of it, and then the newest messages, in which old results of tools may be one line too. Without a view it is
 * the whole. It is a conversation of its own: no result is without its call, and no call without its results.
 */
export function shownOf(messages: readonly Message[], view: View | undefined): ShownMessage[] {
  if (!view) return messages.map((message, place) => ({ message, place }));
  const { cut } = view;
  const shown = shownBy(messages, view);
  if (cut === undefined) return shown;
  return shown.map(({ message, place }) => ({ message: cutTo(message, cut), place }));
}

function shownBy(messages: readonly Message[], view: View): ShownMessage[] {
  const from = startOf(messages, view.from);
  const results = view.results ?? 0;
  const front = messages.slice(0, from).flatMap((message, place) => {
    const isKept = isPinned(message) || isWithin(place, view.input);
    return isKept ? [{ message, place }] : [];
  });
  const rest = messages.slice(from).flatMap((message, i) => {
    const place = from + i;
    // The summary stands in front; those before it are a part of it.
    if (view.summary !== undefined && isSummary(message) && leftOutBy(message) === undefined) return [];
    return [{ message: place < results ? withoutResult(message) : message, place }];
  });
  return [...front, ...summaryOf(messages, view), ...omission(messages, view, from), ...rest];
}

/**
 * Places of the first and the last message of what the newest call in a conversation works on: its input, and what was given
 * with it. Undefined where nothing was said to an agent.
 */
export function inputPlaces(messages: readonly Message[]): [first: number, last: number] | undefined {
  const last = messages.findLastIndex((message) => isGiven(message) && message.handoff !== 'note');
  if (last < 0) return undefined;
  const before = messages.slice(0, last).findLastIndex((message) => !isGiven(message));
  return [before + 1, last];
}

/** Whether workflow code gave the message to the agent, as input, as context or at a hand-off. */
function isGiven(message: Message | undefined): message is Extract<Message, { role: 'user' }> {
  return message?.role === 'user' && !message.repair && !message.summary;
}

/** How many messages it stands for, where it is a line that tells of some which an earlier run left behind. */
export function leftOutBy(message: Message): number | undefined {
  return message.role === 'user' ? message.leftOut : undefined;
}

export function isSummary(message: Message | undefined): boolean {
  return message?.role === 'user' && message.summary === true;
}

export function isPinned(message: Message | undefined): boolean {
  return message?.role === 'user' && message.pinned === true;
}

/** A result is never the first that is shown: its call goes with it. */
export function startOf(messages: readonly Message[], from: number): number {
  let start = Math.min(from, messages.length);
  while (start > 0 && messages[start]?.role === 'tool') start--;
  return start;
}

function isWithin(place: number, range: readonly [number, number] | undefined): boolean {
  return range !== undefined && place >= range[0] && place <= range[1];
}

function withoutResult(message: Message): Message {
  if (message.role !== 'tool') return message;
  const { length } = JSON.stringify(message.content);
  if (length <= SHORT_RESULT) return message;
  const { content: _, cut, ...rest } = message;
  const kept = message.stored
    ? `; the whole is kept as "${message.stored.digest}", which ${READ_FUNCTION} reads`
    : '';
  const size = sizeText(cut?.bytes ?? length);
  return { ...rest, content: `[result of ${message.tool} left out: ${size}${kept}]` };
}

function cutTo(message: Message, length: number): Message {
  if (message.role !== 'assistant') {
    const { content } = message;
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return text.length > length ? { ...message, content: cutText(text, length) } : message;
  }
  const { text, calls, opaque: _, ...rest } = message;
  return {
    ...rest,
    ...(text === undefined ? {} : { text: cutText(text, length) }),
    ...(calls
      ? { calls: calls.map((call) => ({ ...call, arguments: cutArguments(call.arguments, length) })) }
      : {}),
  };
}

function cutArguments(text: string, length: number): string {
  return text.length > length ? JSON.stringify({ cut: cutText(text, length) }) : text;
}

function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)} [${text.length - length} more characters left out]`;
}

function sizeText(size: number): string {
  return size < 1000 ? `${size} B` : `${Math.round(size / 1000)} KB`;
}

function summaryOf(messages: readonly Message[], { summary }: View): ShownMessage[] {
  const message = summary === undefined ? undefined : messages[summary];
  return message && summary !== undefined ? [{ message, place: summary }] : [];
}

/** Tells of the messages that are neither shown nor in the summary. */
function omission(messages: readonly Message[], view: View, from: number): ShownMessage[] {
  const { summary, summarised = 0, input } = view;
  const begin = summary === undefined ? 0 : summarised;
  const left = messages.slice(begin, from).reduce((sum, message, i) => {
    const isShown = isPinned(message) || isWithin(begin + i, input);
    const told = leftOutBy(message);
    return sum + (told ?? (isShown || isSummary(message) ? 0 : 1));
  }, 0);
  if (left === 0) return [];
  const what = left === 1 ? '1 message' : `${left} messages`;
  const where = summary === undefined ? 'earlier in this conversation' : 'after this summary';
  return [
    { message: { role: 'user', content: `[${what} ${where} left out]` }, place: Math.max(0, from - 1) },
  ];
}
