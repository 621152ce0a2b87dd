import type { Model } from '../../agents/models.js';

interface Window {
  /** Tokens of prompt and answer together. */
  tokens: number;
  /** Tokens of one answer at most. */
  output: number;
}

/** Of OpenAI's own models. Source: https://platform.openai.com/docs/models. A model's own settings override them. */
const WINDOWS: Readonly<Record<string, Window>> = {
  'gpt-5': { tokens: 400_000, output: 128_000 },
  'gpt-5-mini': { tokens: 400_000, output: 128_000 },
  'gpt-5-nano': { tokens: 400_000, output: 128_000 },
  'gpt-4.1': { tokens: 1_047_576, output: 32_768 },
  'gpt-4.1-mini': { tokens: 1_047_576, output: 32_768 },
  'gpt-4.1-nano': { tokens: 1_047_576, output: 32_768 },
  'gpt-4o': { tokens: 128_000, output: 16_384 },
  'gpt-4o-mini': { tokens: 128_000, output: 16_384 },
  o3: { tokens: 200_000, output: 100_000 },
  'o4-mini': { tokens: 200_000, output: 100_000 },
};

/** Room for the answer where nothing says how long it may get. */
const DEFAULT_OUTPUT = 4096;
/** What providers count beside the text, and what the estimate may be wrong by. */
const MARGIN = 0.05;

/**
 * Tokens of a prompt at most: what the model's window has beside the longest answer, less a margin. `Infinity` where the window
 * is not known.
 * @param agentLimit tokens of the answer at most, by the agent's definition
 */
export function promptLimit(model: Model, agentLimit = Infinity): number {
  const known = knownWindow(model);
  const window = model.contextWindow ?? known?.tokens;
  if (window === undefined) return Infinity;
  const stated = Math.min(agentLimit, model.maxOutputTokens ?? known?.output ?? Infinity);
  const output = stated === Infinity ? Math.min(DEFAULT_OUTPUT, window / 4) : Math.min(stated, window / 2);
  return Math.floor((window - output) * (1 - MARGIN));
}

function knownWindow({ model, baseUrl }: Model): Window | undefined {
  if (baseUrl !== undefined) return undefined;
  // A dated snapshot is as its model.
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return Object.hasOwn(WINDOWS, name) ? WINDOWS[name] : undefined;
}
