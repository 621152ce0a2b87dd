import type { AssistantMessage, Message } from './message.js';

/** This file imports types only, so that workflow code may use it. */

/**
 * The message without what only its provider understands, which is nothing to show to people or other agents, nor to hold against
 * anything.
 */
export function withoutOpaque(message: AssistantMessage): AssistantMessage;
export function withoutOpaque(message: Message): Message;
export function withoutOpaque(message: Message): Message {
  if (message.role !== 'assistant' || !message.opaque) return message;
  const { opaque: _, ...said } = message;
  return said;
}
