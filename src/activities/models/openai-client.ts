import OpenAI from 'openai';
import type { Model } from '../../agents/models.js';
import { AnswerError } from './answer-error.js';
import { fetchWithReasons } from './error-body.js';

const clients = new Map<string, OpenAI>();

/**
 * A client for the model's provider, one for each address and key. The key is read from the environment here and
 * nowhere else. Retries are Temporal's, so the client's own are off.
 */
export function clientFor(model: Model): OpenAI {
  // OpenAI's key goes nowhere else: a model with an address of its own names its own key, or has none.
  const keyName = model.apiKeyEnv ?? (model.baseUrl === undefined ? 'OPENAI_API_KEY' : undefined);
  const apiKey = (keyName && process.env[keyName]) || 'none'; // the openai package wants one
  const baseURL = model.baseUrl ?? process.env.OPENAI_BASE_URL;
  // OpenAI's own answer would be the same, but nothing need be sent to it for that.
  if (!baseURL && apiKey === 'none')
    throw new AnswerError({ message: `${keyName} is not set on this worker`, status: 401 });
  const key = JSON.stringify([baseURL, apiKey, model.headers]);
  const known = clients.get(key);
  if (known) return known;
  const client = new OpenAI({
    apiKey,
    baseURL: baseURL || null,
    maxRetries: 0,
    fetch: fetchWithReasons,
    defaultHeaders: model.headers,
  });
  clients.set(key, client);
  return client;
}
