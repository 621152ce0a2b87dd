import { askChatCompletions } from './chat-completions.js';
import type { AskModel } from './model.js';
import { askResponses } from './responses-api.js';

/** Asks a model by the API that it speaks. */
export const askModel: AskModel = (request) =>
  request.model.api === 'responses' ? askResponses(request) : askChatCompletions(request);
