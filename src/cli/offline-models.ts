import { priceOf } from '../activities/models/price.js';
import { Registry } from '../activities/registry.js';
import type { Model, Models } from '../agents/models.js';

const FREE = { input: 0, output: 0 };

/** The project's models for the offline model, which costs nothing: so that budgets hold there too, each has a price. */
export function offlineModels(
  definitions: Readonly<Record<string, unknown>>,
  models: Models | undefined,
): Models {
  const registry = new Registry(definitions, models);
  const aliases = [...registry.agents.values()].flatMap((agent) => agent.models);
  const all = { ...Object.fromEntries(aliases.map((alias) => [alias, { model: alias }])), ...models };
  return Object.fromEntries(
    Object.entries(all).map(([alias, model]) => [
      alias,
      inChat(priceOf(model) ? model : { ...model, price: FREE }),
    ]),
  );
}

/** The offline model, which stands in for those without an address, speaks chat completions only. */
function inChat({ api, ...model }: Model): Model {
  return api === undefined || model.baseUrl === undefined ? model : { api, ...model };
}
