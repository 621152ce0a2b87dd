import type { Model } from '../../agents/models.js';
import { targetOf } from '../circuits/target.js';

/**
 * Tells apart who can read opaque items: the API, the host of the address, the model's name, and the variable of the key
 * where the model names one. Reasoning is encrypted for an account, and another model need not take it; to leave it out costs
 * a little quality, to send it to the wrong place fails the turn.
 */
export function providerKey(model: Model): string {
  const { provider, model: name } = targetOf(model);
  const { api = 'chat', apiKeyEnv } = model;
  return [api, provider, name, apiKeyEnv].filter((part) => part !== undefined).join(' ');
}
