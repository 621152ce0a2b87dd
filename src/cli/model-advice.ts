import type { Models } from '../agents/models.js';
import { hasNoProvider } from './model-source.js';

/** What is missing for a worker's models to be asked, if anything. */
export function missingProvider(models: Models | undefined, env: NodeJS.ProcessEnv = process.env): string[] {
  const all = Object.entries(models ?? {});
  const missing = all.flatMap(([alias, { apiKeyEnv }]) =>
    apiKeyEnv !== undefined && !env[apiKeyEnv]
      ? [`${apiKeyEnv} is not set, which the model "${alias}" needs`]
      : [],
  );
  const usesDefault = models === undefined || all.some(([, model]) => !model.baseUrl && !model.apiKeyEnv);
  return usesDefault && hasNoProvider(env)
    ? [...missing, 'neither OPENAI_API_KEY nor OPENAI_BASE_URL is set']
    : missing;
}
