import type OpenAI from 'openai';
import { askInTime, inPieces, isOffline } from './ask-in-time.js';
import type { AskModel, ModelAnswer, ModelRequest } from './model.js';
import { chatAnswer } from './chat-answer.js';
import { chatRequest } from './chat-request.js';
import { chatStream } from './chat-stream.js';
import { clientFor } from './openai-client.js';

/** A model behind OpenAI's chat completions API, or one that is compatible with it. */
export const askChatCompletions: AskModel = (request) =>
  askInTime(request, (options) => (request.model.stream ? askInPieces : askWhole)(request, options));

async function askWhole(request: ModelRequest, options: OpenAI.RequestOptions): Promise<ModelAnswer> {
  const { data, response } = await clientFor(request.model)
    .chat.completions.create(chatRequest(request), options)
    .withResponse();
  return { ...chatAnswer(data), offline: isOffline(response) };
}

/** The package's own reader of streams hides the end mark, which tells a whole answer from a part of one. */
async function askInPieces(request: ModelRequest, options: OpenAI.RequestOptions): Promise<ModelAnswer> {
  const response = await clientFor(request.model)
    .chat.completions.create(
      { ...chatRequest(request), stream: true, stream_options: { include_usage: true } },
      options,
    )
    .asResponse();
  const answer = await inPieces(response, request, chatStream);
  return { ...chatAnswer(answer), offline: isOffline(response) };
}
