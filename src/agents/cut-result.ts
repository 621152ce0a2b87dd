import type { Json } from './json.js';

/** A result that is larger than this, as JSON in UTF-8, is cut before a model sees it. */
export const MAX_RESULT_BYTES = 64 * 1024;

/**
 * What a model is shown of a result. This file imports no values, so that workflow code may use it.
 * @param note says, after what is shown of a result that is cut, what became of the rest
 */
export function cutResult(
  content: Json,
  maxBytes = MAX_RESULT_BYTES,
  note?: (shown: number) => string,
): { content: Json; cut?: { bytes: number } } {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const encoded = new TextEncoder().encode(text);
  const bytes = encoded.length;
  if (bytes <= maxBytes) return { content };
  const head = new TextDecoder().decode(encoded.subarray(0, maxBytes), { stream: true });
  const said = note?.(maxBytes) ?? `[cut: the result has ${bytes} bytes, of which this is the start]`;
  return { content: `${head}\n${said}`, cut: { bytes } };
}
