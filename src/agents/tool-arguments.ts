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

/** An argument that is text, where the call has it and it is not empty. */
export function textArgument(text: string, name: string): string | undefined {
  const args = readArguments(text);
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return undefined;
  const value = args[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** An agent's input from the arguments of a call of it; one that is no object itself is the argument `input`. */
export function agentInput(text: string, wrapped: boolean): Json {
  const args = readArguments(text);
  if (!wrapped || typeof args !== 'object' || args === null || Array.isArray(args)) return args;
  return args.input ?? null;
}
