import { RESERVED_PREFIX } from '../names.js';
import type { AnyAgent } from '../define-agent.js';
import { arbiter } from './arbiter.js';
import { comparer } from './comparer.js';
import { debater } from './debater.js';
import { judge } from './judge.js';
import { moderator } from './moderator.js';
import { planner } from './planner.js';
import { reviewer } from './reviewer.js';
import { summariser } from './summariser.js';
import { synthesiser } from './synthesiser.js';

/** Baton's own agents, made for a model, by the names under which every worker has them. */
export function builtInAgents(model: string): Record<string, AnyAgent> {
  const agents = { arbiter, comparer, debater, judge, moderator, planner, reviewer, summariser, synthesiser };
  return Object.fromEntries(
    Object.entries(agents).map(([name, make]) => [`${RESERVED_PREFIX}${name}`, make(model)]),
  );
}
