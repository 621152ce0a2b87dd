import { askInTime, inPieces, isOffline } from './ask-in-time.js';
import type { AskModel } from './model.js';
import { clientFor } from './openai-client.js';
import { providerKey } from './provider-key.js';
import { responsesAnswer } from './responses-answer.js';
import { responsesRequest } from './responses-request.js';
import { responsesStream } from './responses-stream.js';

/** A model behind OpenAI's Responses API, or one that is compatible with it. */
export const askResponses: AskModel = (request) =>
  askInTime(request, async (options) => {
    const { model } = request;
    const stream = model.stream ?? false;
    // The package's own reading of the body trips over answers that are not OpenAI's.
    const response = await clientFor(model)
      .responses.create({ ...responsesRequest(request), stream }, options)
      .asResponse();
    const body = stream ? await inPieces(response, request, responsesStream) : await response.text();
    return { ...responsesAnswer(body, providerKey(model)), offline: isOffline(response) };
  });
