import { circuitId } from '../../agents/names.js';
import type { Model } from '../../agents/models.js';

const OPENAI = 'https://api.openai.com/v1';

/** What has a circuit: a model of a provider, whatever its aliases are. */
export interface ModelOfProvider {
  /** Host of the provider. */
  provider: string;
  /** The provider's name of the model. */
  model: string;
}

export interface Target extends ModelOfProvider {
  /** Workflow id of its circuit. */
  id: string;
}

/** By base URL, as each turn asks: a worker has few. */
const hosts = new Map<string, string>();

export function targetOf({ baseUrl = process.env.OPENAI_BASE_URL || OPENAI, model }: Model): Target {
  let provider = hosts.get(baseUrl);
  if (provider === undefined) {
    provider = URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
    hosts.set(baseUrl, provider);
  }
  return { provider, model, id: circuitId(provider, model) };
}
