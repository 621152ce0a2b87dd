import type { AskModel } from './model.js';
import { chatAnswer } from './chat-answer.js';
import { chatRequest } from './chat-request.js';
import { clientFor } from './openai-client.js';

/** A model behind OpenAI's chat completions API, or one that is compatible with it. Answers are not streamed. */
export const askChatCompletions: AskModel = async (request) => {
  const timeout = Math.max(1, Math.floor(request.timeout));
  const deadline = AbortSignal.timeout(timeout);
  try {
    const { data, response } = await clientFor(request.model)
      .chat.completions.create(chatRequest(request), {
        signal: AbortSignal.any([request.signal, deadline]),
        // The client's own time-out ends with the headers; ours covers the body too, and comes first.
        timeout: timeout + 60_000,
      })
      .withResponse();
    return { ...chatAnswer(data), offline: response.headers.has('x-baton-offline-model') };
  } catch (error) {
    if (!deadline.aborted || request.signal.aborted) throw error;
    throw new Error(`${request.model.model} did not answer within ${timeout / 1000} s`);
  }
};
