import type { Model } from '../../agents/models.js';
import type { AssistantMessage } from '../../agents/message.js';
import type { ShownMessage } from '../../agents/view.js';
import type { Usage } from '../../agents/usage.js';
import type { Offer } from '../offer.js';
import type { OutputSchema } from '../output-schema.js';

/** One question to a model, in Baton's terms. */
export interface ModelRequest {
  model: Model;
  instructions: string;
  /** What the model is shown of the conversation, in order. */
  messages: readonly ShownMessage[];
  /** Id of a call on the wire, by the places of its message in the transcript and of the call in the message. */
  callId(message: number, call: number): string;
  tools: readonly Offer[];
  output?: OutputSchema;
  /** Tokens of the answer at most. */
  outputTokens?: number;
  temperature?: number;
  signal: AbortSignal;
  /** Milliseconds until the request is given up. */
  timeout: number;
}

export interface ModelAnswer {
  message: AssistantMessage;
  usage: Usage;
  /** Why the model stopped: of its own, at its output limit, or by a content filter. */
  finish: 'stop' | 'length' | 'filter';
  /** Whether the built-in offline model answered. */
  offline: boolean;
}

/**
 * Asks a model once.
 * @throws what `classify` knows; the request is never repeated here
 */
export type AskModel = (request: ModelRequest) => Promise<ModelAnswer>;
