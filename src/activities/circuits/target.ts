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

export function targetOf({ baseUrl = process.env.OPENAI_BASE_URL || OPENAI, model }: Model): Target {
  const provider = URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
  return { provider, model, id: circuitId(provider, model) };
}
