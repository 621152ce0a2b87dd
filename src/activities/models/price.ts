import { roundUsd } from '../../agents/round-usd.js';
import type { Model, Price } from '../../agents/models.js';
import type { Usage } from '../../agents/usage.js';

/** The day on which `PRICES` was last compared with its source. */
export const PRICES_AS_OF = '2025-08-07';

/**
 * Standard prices of OpenAI's own models, USD per million tokens. Source: https://openai.com/api/pricing, at
 * `PRICES_AS_OF`. They change: a model's `price` in the worker's models overrides them.
 */
const PRICES: Readonly<Record<string, Price>> = {
  'gpt-5': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cached: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cached: 0.005, output: 0.4 },
  'gpt-4.1': { input: 2, cached: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cached: 0.1, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, cached: 0.025, output: 0.4 },
  'gpt-4o': { input: 2.5, cached: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cached: 0.075, output: 0.6 },
  o3: { input: 2, cached: 0.5, output: 8 },
  'o4-mini': { input: 1.1, cached: 0.275, output: 4.4 },
};

/** The model's own price, else the table's where the model is OpenAI's. */
export function priceOf(model: Model): Price | undefined {
  if (model.price) return model.price;
  if (model.baseUrl !== undefined) return undefined;
  // A dated snapshot costs what its model costs.
  const name = model.model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return Object.hasOwn(PRICES, name) ? PRICES[name] : undefined;
}

/** US dollars for the usage. */
export function costOf(price: Price, { input, cached = 0, output }: Usage): number {
  const usd = (input - cached) * price.input + cached * (price.cached ?? price.input) + output * price.output;
  return roundUsd(usd / 1e6);
}

/** Tokens of the answer that are reserved where neither agent nor model sets a limit. */
const DEFAULT_OUTPUT_TOKENS = 4096;

export function outputLimit(model: Model, agentLimit: number | undefined): number {
  const limit = Math.min(agentLimit ?? Infinity, model.maxOutputTokens ?? Infinity);
  return limit === Infinity ? DEFAULT_OUTPUT_TOKENS : limit;
}

/** The most that a call can cost: the whole prompt uncached, and the answer up to its limit. */
export function highestAmount(price: Price | undefined, inputTokens: number, outputTokens: number) {
  const usd = price ? costOf(price, { input: inputTokens, output: outputTokens }) : 0;
  return { usd, tokens: inputTokens + outputTokens };
}

/** Tokens of a text at most, near enough: tokenizers give one for three to four characters of English. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / 3);
}
