import type { Json } from '../../agents/json.js';
import type { ToolCall } from '../../agents/message.js';
import { isObject } from './json-schema.js';
import { callOf } from './read-answer.js';
import type { LayoutItem } from './responses-layout.js';

type Item = Readonly<Record<string, unknown>>;

/** What the items of an answer say together. */
export interface Output {
  /** Empty where there is none; so is `refusal`. */
  text: string;
  refusal: string;
  calls: ToolCall[];
  /** What must go back beside text and calls, and where; empty where nothing must. */
  layout: LayoutItem[];
}

export function readOutput(items: readonly Item[]): Output {
  const isFinal = items.some((item) => item.phase === 'final_answer');
  const read: Output = { text: '', refusal: '', calls: [], layout: [] };
  for (const item of items) {
    if (item.type === 'function_call') {
      read.calls.push(callOf(item));
      const last = read.layout.at(-1);
      if (last && 'calls' in last && typeof last.calls === 'number') last.calls++;
      else read.layout.push({ calls: 1 });
    } else if (item.type === 'reasoning') {
      if (isReadable(item)) read.layout.push(returned(item));
    } else if (item.type === 'message') {
      const { text, refusal } = contentOf(item.content);
      const phase = typeof item.phase === 'string' ? { phase: item.phase } : {};
      read.refusal += refusal;
      if (text === '') continue;
      // What was said on the way is no part of the final answer, which may be JSON.
      if (isFinal && item.phase === 'commentary') {
        read.layout.push({ type: 'message', role: 'assistant', content: text, ...phase });
      } else {
        read.text += text;
        read.layout.push({ text: text.length, ...phase });
      }
    }
  }
  return { ...read, layout: neededOf(read.layout) };
}

/**
 * Without what reasoning would have to stand before: a provider rejects an item of it that nothing follows. And nothing at all
 * where the order of text and calls says it all.
 */
function neededOf(layout: readonly LayoutItem[]): LayoutItem[] {
  const last = layout.findLastIndex((item) => !isReasoning(item));
  const kept = layout.slice(0, last + 1);
  return kept.some((item) => 'type' in item || 'phase' in item) ? kept : [];
}

function isReasoning(item: LayoutItem): boolean {
  return 'type' in item && item.type === 'reasoning';
}

/** Reasoning of which there is only an id cannot be sent back, as the provider keeps nothing that it could be the id of. */
function isReadable({ encrypted_content: encrypted, content }: Item): boolean {
  return Boolean(encrypted) || (Array.isArray(content) && content.length > 0);
}

/** The item as it goes back: some endpoints reject its status there, and fields of null. */
function returned({ status: _, ...item }: Item): LayoutItem {
  const kept = Object.entries(item).filter(([, value]) => value !== null);
  // It was parsed from JSON, and holds nothing else.
  return { type: 'reasoning', summary: [], ...(Object.fromEntries(kept) as Record<string, Json>) };
}

/** Some compatible providers send text bare, or call its parts otherwise. */
function contentOf(content: unknown): { text: string; refusal: string } {
  if (typeof content === 'string') return { text: content, refusal: '' };
  const parts = Array.isArray(content) ? content.filter(isObject) : [];
  const joined = (key: string) =>
    parts.map((part) => (typeof part[key] === 'string' ? part[key] : '')).join('');
  return { text: joined('text'), refusal: joined('refusal') };
}
