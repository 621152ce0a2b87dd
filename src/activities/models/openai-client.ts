import OpenAI from 'openai';
import type { Model } from '../../agents/models.js';

const clients = new Map<string, OpenAI>();

/**
 * A client for the model's provider, one for each address and key. The key is read from the environment here and
 * nowhere else. Retries are Temporal's, so the client's own are off.
 */
export function clientFor(model: Model): OpenAI {
  // A server that wants no key, as most local ones, still needs the header to be there.
  const apiKey = process.env[model.apiKeyEnv ?? 'OPENAI_API_KEY'] ?? 'none';
  const baseURL = model.baseUrl ?? process.env.OPENAI_BASE_URL;
  const key = JSON.stringify([baseURL, apiKey, model.headers]);
  const known = clients.get(key);
  if (known) return known;
  const client = new OpenAI({
    apiKey,
    baseURL: baseURL || null,
    maxRetries: 0,
    defaultHeaders: model.headers,
  });
  clients.set(key, client);
  return client;
}
