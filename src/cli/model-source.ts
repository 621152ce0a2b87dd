import { startOfflineModel } from '../dev/offline-model/server.js';

/** Who answers for models without a `baseUrl` of their own. */
export interface ModelSource {
  /** How it is called wherever its output shows. */
  label: string;
  offline: boolean;
  stop(): Promise<void>;
}

/** Whether the environment names no provider for OpenAI's protocol. */
export function hasNoProvider(env: NodeJS.ProcessEnv = process.env): boolean {
  return !env.OPENAI_API_KEY && !env.OPENAI_BASE_URL;
}

/**
 * The provider that the environment names; without one, or where `offline` asks for it, the offline model, which is
 * started and set as this process's `OPENAI_BASE_URL`.
 * @throws DevError `OfflineModelFailed`
 */
export async function openModelSource({ offline }: { offline: boolean }): Promise<ModelSource> {
  const { OPENAI_BASE_URL: baseUrl } = process.env;
  if (!offline) return { label: baseUrl ?? 'OpenAI', offline: false, stop: () => Promise.resolve() };
  const model = await startOfflineModel();
  process.env.OPENAI_BASE_URL = model.url;
  return {
    label: 'offline model',
    offline: true,
    async stop() {
      if (baseUrl === undefined) delete process.env.OPENAI_BASE_URL;
      else process.env.OPENAI_BASE_URL = baseUrl;
      await model.stop();
    },
  };
}
