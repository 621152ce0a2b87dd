import type { Model } from '../../../src/agents/models.js';
import type { Message } from '../../../src/agents/message.js';
import { shownOf } from '../../../src/agents/view.js';
import type { ModelRequest } from '../../../src/activities/models/model.js';

/** A request to a model at `url`, as the turn activity makes one. */
export function modelRequest(
  url: string,
  messages: readonly Message[],
  { model, ...rest }: Partial<Omit<ModelRequest, 'model'>> & { model?: Partial<Model> } = {},
): ModelRequest {
  return {
    model: { model: 'm', baseUrl: url, ...model },
    instructions: 'You help.',
    messages: shownOf(messages, undefined),
    callId: (message, call) => `id${message}x${call}`,
    tools: [],
    signal: new AbortController().signal,
    timeout: 10_000,
    ...rest,
  };
}
