import type { ResponseInputItem } from 'openai/resources/responses/responses';
import type { Json } from '../../agents/json.js';
import type { AssistantMessage } from '../../agents/message.js';
import { isObject } from './json-schema.js';

/**
 * The `items` of an opaque part, in the order of the answer: the provider's own items as they came, and marks where what the
 * message itself holds stood between them. So nothing stands in the history twice, and all goes back in its place.
 */
export type LayoutItem =
  /** An item of the provider's own, such as its reasoning. */
  | { type: string; [key: string]: Json }
  /** The next so many characters of the message's text, in an item of their own; `phase` is the provider's mark on it. */
  | { text: number; phase?: string }
  /** The next so many of the message's calls. */
  | { calls: number };

/** How the parts of a message look. */
export interface Parts {
  text(text: string, phase?: string): ResponseInputItem;
  call(index: number): ResponseInputItem;
}

/** The message's items in the order of the layout. What the layout does not place follows, the text first. */
export function laidOut(
  { text = '', calls = [] }: AssistantMessage,
  layout: readonly Json[],
  parts: Parts,
): ResponseInputItem[] {
  let [said, called] = [0, 0];
  const textUpTo = (end: number, phase?: string) => {
    const part = text.slice(said, end);
    said = Math.max(said, end);
    return part === '' ? [] : [parts.text(part, phase)];
  };
  const callsUpTo = (end: number) => {
    const from = called;
    called = Math.max(called, Math.min(end, calls.length));
    return calls.slice(from, called).map((_, i) => parts.call(from + i));
  };
  const placed = layout.flatMap((item) => {
    if (!isObject(item)) return [];
    const { text: length, calls: count, phase } = item;
    if (typeof length === 'number')
      return textUpTo(said + length, typeof phase === 'string' ? phase : undefined);
    if (typeof count === 'number') return callsUpTo(called + count);
    // It came from this provider, which takes back what it gave.
    return [item as unknown as ResponseInputItem];
  });
  return [...placed, ...textUpTo(text.length), ...callsUpTo(calls.length)];
}
