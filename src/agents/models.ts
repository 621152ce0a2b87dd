import { z } from 'zod';

/** US dollars per million tokens. */
export const Price = z.strictObject({
  input: z.number().nonnegative(),
  /** Prompt tokens read from the provider's cache. Default: as `input`. */
  cached: z.number().nonnegative().optional(),
  output: z.number().nonnegative(),
});
export type Price = z.infer<typeof Price>;

/** A model that agents may name by its alias. */
export const Model = z.strictObject({
  /** The provider's name of the model, such as `gpt-5-mini`. */
  model: z.string().min(1),
  /**
   * The provider's API: chat completions, the default, which all speak; or OpenAI's Responses API, in which models that reason
   * are given their earlier reasoning back.
   */
  api: z.enum(['chat', 'responses']).optional(),
  /** Where the provider answers. Default: `OPENAI_BASE_URL`, else OpenAI. */
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Environment variable of the worker that holds the key. Default `OPENAI_API_KEY`, or none where `baseUrl` is set. */
  apiKeyEnv: z.string().min(1).optional(),
  /** Headers that the provider wants beside the key. No secrets: these stand in configuration. */
  headers: z.record(z.string(), z.string()).optional(),
  price: Price.optional(),
  /** Tokens that prompt and answer may have together. */
  contextWindow: z.number().int().positive().optional(),
  /** Tokens of one answer at most. */
  maxOutputTokens: z.number().int().positive().optional(),
  /** Parameter that carries the limit of the answer in chat completions; some providers know only the older `max_tokens`. */
  outputLimitParameter: z.enum(['max_completion_tokens', 'max_tokens']).optional(),
  /** How structured output is asked for. Default `json_schema`; `json_object` for providers without it. */
  structuredOutput: z.enum(['json_schema', 'json_object']).optional(),
  /**
   * Whether answers come in pieces over the wire. They are used whole all the same. Default false, as some compatible
   * providers reject the option or leave out the usage. Streams keep proxies from cutting long answers, and a provider
   * that falls silent in the middle of one is noticed after a minute, or half of the attempt's time-out if that is less.
   */
  stream: z.boolean().optional(),
  /** Reasoning effort, for models that take one. */
  reasoningEffort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});
export type Model = z.infer<typeof Model>;

/** The worker's models, by alias. */
export const Models = z.record(z.string().min(1), Model);
export type Models = z.infer<typeof Models>;
