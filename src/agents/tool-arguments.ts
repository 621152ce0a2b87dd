import type { Json } from './json.js';

/**
 * A call's arguments as the tool takes them: read as JSON; none at all, or null, is `{}`; what is not JSON stays the
 * text that it is, which no tool's schema takes. This file imports no values, so that workflow code may use it.
 */
export function readArguments(text: string): Json {
  if (text.trim() === '') return {};
  try {
    return (JSON.parse(text) as Json) ?? {};
  } catch {
    return text;
  }
}
