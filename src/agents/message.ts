import { z } from 'zod';
import { StoredResult } from './stored-result.js';

/**
 * The transcript's own union of messages. It belongs to no provider: a model adapter renders it
 * for its provider and parses the answer back into it.
 */

/** What workflow code says to an agent: its input, added context, or why an output must be repaired. */
export const UserMessage = z.object({
  role: z.literal('user'),
  /** Text, or data that is shown to the model as JSON. */
  content: z.json(),
  /** Set where the message asks the model to repair an output that failed its schema. */
  repair: z.literal(true).optional(),
  /**
   * Set where the message was made at a hand-off: `note` is what the agent that takes over is told, `input` the input that it
   * takes over, which need not fit its own schema.
   */
  handoff: z.enum(['note', 'input']).optional(),
  /** Set where models are to be shown the message however long the conversation gets. */
  pinned: z.literal(true).optional(),
  /** Set where the message sums up what came before, for models that are no longer shown that. */
  summary: z.literal(true).optional(),
  /** Number of messages that the message stands for, as a line that tells of them: they were left behind in an earlier run. */
  leftOut: z.number().int().positive().optional(),
});
export type UserMessage = z.infer<typeof UserMessage>;

/**
 * A call as the model wrote it. It has no id of its own: providers' ids repeat, are empty or missing, so a
 * call is identified by its place (transcript, message, index).
 */
export const ToolCall = z.object({
  tool: z.string(),
  /** The arguments word for word, so that the model is shown what it wrote. Parsed in the tool's activity. */
  arguments: z.string(),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const AssistantMessage = z.object({
  role: z.literal('assistant'),
  text: z.string().optional(),
  calls: z.array(ToolCall).optional(),
  refusal: z.string().optional(),
  /**
   * What only the provider that said it understands, such as the reasoning before the calls. It goes back to that provider
   * alone, and is not shown to people.
   */
  opaque: z.object({ provider: z.string(), items: z.array(z.json()) }).optional(),
});
export type AssistantMessage = z.infer<typeof AssistantMessage>;

/** The result of one tool call, in answer to call number `call` of the assistant message before it. */
export const ToolMessage = z.object({
  role: z.literal('tool'),
  call: z.number().int().nonnegative(),
  tool: z.string(),
  content: z.json(),
  /** The tool failed, refused, or its outcome is unknown; `content` says why, for the model to act on. */
  isError: z.literal(true).optional(),
  /** What people changed of the call before it was made, in words for the model. */
  edited: z.string().optional(),
  /** The result was longer than the limit and was cut; `bytes` is its whole size as JSON in UTF-8. */
  cut: z.object({ bytes: z.number().int() }).optional(),
  /** Where the whole of a result that was cut is kept. */
  stored: StoredResult.optional(),
});
export type ToolMessage = z.infer<typeof ToolMessage>;

export const Message = z.discriminatedUnion('role', [UserMessage, AssistantMessage, ToolMessage]);
export type Message = z.infer<typeof Message>;
