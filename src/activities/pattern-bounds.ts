import { MAP_LIMITS } from '../agents/map-limits.js';
import { RESERVED_PREFIX } from '../agents/names.js';
import type { PlanLimits } from '../agents/plan-limits.js';
import { boundsOfAgent } from './agent-bounds.js';
import { anyOf, inSequence, NOTHING, repeated, type Bounds } from './bounds.js';
import type { Registry } from './registry.js';

/** A part of something bounded, how often it may come, and what it is each time at most. */
export interface BoundedPart {
  name: string;
  times: number;
  each: Bounds;
}

export interface PatternBounds {
  parts: BoundedPart[];
  total: Bounds;
}

/** What a `plan` over agents can come to, with Baton's own planner, reviewer and synthesiser. @throws BatonError `AgentUnknown` */
export function boundsOfPlan(
  registry: Registry,
  {
    workers,
    review,
    limits,
  }: { workers: readonly string[]; review: 'each' | 'end' | false; limits: PlanLimits },
): PatternBounds {
  const own = (name: string) => boundsOfAgent(registry, `${RESERVED_PREFIX}${name}`);
  const { runs, repairs, plans, reviews } = limits;
  const atOnce = Math.min(limits.concurrency, limits.tasks);
  const reviewed = { each: runs, end: reviews, none: 0 }[review || 'none'];
  const worker = anyOf(workers.map((name) => boundsOfAgent(registry, name)));
  const parts = [
    { name: 'planner', times: plans * (1 + repairs), each: own('planner'), atOnce: 1 },
    {
      name: `worker (${workers.join(' or ')})`,
      times: runs,
      each: { ...worker, children: worker.children + 1 },
      atOnce,
    },
    {
      name: 'reviewer',
      times: reviewed * (1 + repairs),
      each: own('reviewer'),
      atOnce: review === 'each' ? atOnce : 1,
    },
    { name: 'synthesiser', times: 1, each: own('synthesiser'), atOnce: 1 },
  ];
  return patternOf(parts);
}

/** What a `mapAll` of an agent over so many items can come to. @throws BatonError `AgentUnknown` */
export function boundsOfMap(
  registry: Registry,
  {
    agent,
    items,
    concurrency = MAP_LIMITS.concurrency,
  }: { agent: string; items: number; concurrency?: number },
): PatternBounds {
  const each = boundsOfAgent(registry, agent);
  const { parts, total } = patternOf([{ name: agent, times: items, each, atOnce: concurrency }]);
  const batches = items > MAP_LIMITS.inline ? Math.ceil(items / MAP_LIMITS.batch) : 0;
  return { parts, total: inSequence(total, { ...NOTHING, children: batches }) };
}

function patternOf(parts: readonly (BoundedPart & { atOnce: number })[]): PatternBounds {
  return {
    parts: parts.map(({ name, times, each }) => ({ name, times, each })),
    total: inSequence(...parts.map(({ each, times, atOnce }) => repeated(each, times, atOnce))),
  };
}
