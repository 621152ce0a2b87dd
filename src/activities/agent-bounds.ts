import { AGENT_LIMITS, MAX_DEPTH } from '../agents/agent-limits.js';
import { BatonError } from '../agents/failures.js';
import type { Model } from '../agents/models.js';
import { anyOf, inSequence, NOTHING, repeated, type Bounds } from './bounds.js';
import { costOf, priceOf } from './models/price.js';
import type { RegisteredAgent, Registry } from './registry.js';

/** What one call of an agent can come to, by itself: without those that it calls or hands over to. */
export interface OwnBounds {
  agent: string;
  turns: number;
  modelCalls: number;
  usd: number;
}

/**
 * The most that one call of an agent can come to, as the definitions say: the turns of all who may have the conversation, each with
 * the longest prompt that its model takes, uncached, and the longest answer. Attempts that are lost with a worker come on top, and
 * summaries of conversations that get longer than the model takes.
 * @throws BatonError `AgentUnknown`
 */
export function boundsOfAgent(registry: Registry, name: string): Bounds {
  const known = new Map<string, Bounds>();
  const bounds = (of: string, depth: number): Bounds => {
    const key = `${depth} ${of}`;
    const inner = depth < MAX_DEPTH ? (called: string) => bounds(called, depth + 1) : () => NOTHING;
    const found = known.get(key) ?? boundsOfCall(registry, of, inner);
    known.set(key, found);
    return found;
  };
  return bounds(name, 0);
}

/** Each agent that one call of an agent can lead to, itself first. @throws BatonError `AgentUnknown` */
export function agentsWithin(registry: Registry, name: string): OwnBounds[] {
  return reachable(registry, name, (agent) => [...linked(agent), ...agent.agentTools.keys()]).map((agent) => {
    const { turns, modelCalls, usd } = ownBounds(registry, agent);
    return { agent: agent.name, turns, modelCalls, usd };
  });
}

function boundsOfCall(registry: Registry, name: string, inner: (name: string) => Bounds): Bounds {
  // A conversation that is handed over goes on with its turns counted for each agent, however often it comes back.
  const party = reachable(registry, name, linked);
  const own = inSequence(...party.map((agent) => ownBounds(registry, agent)));
  const summaries = party.flatMap(({ handoffs }) =>
    [...handoffs.values()].flatMap(({ summariser = [] }) => summariser),
  );
  const summary = repeated(
    anyOf([...new Set(summaries)].map((agent) => ownBounds(registry, agentOf(registry, agent)))),
    handoffsOf(party),
  );
  return inSequence(own, summary, ...party.map((agent) => boundsOfTools(agent, inner)));
}

/** What the agents that an agent calls as tools can come to: a model may make any number of calls in one turn. */
function boundsOfTools(agent: RegisteredAgent, boundsOf: (name: string) => Bounds): Bounds {
  if (agent.agentTools.size === 0) return NOTHING;
  const tools = [...agent.agentTools.values()];
  const inner = anyOf(tools.map(({ name }) => boundsOf(name)));
  const names = tools.map(({ name }) => name).join(', ');
  return {
    ...inner,
    turns: Infinity,
    modelCalls: Infinity,
    usd: inner.usd === 0 ? 0 : Infinity,
    atOnce: inner.atOnce * concurrencyOf(agent),
    children: tools.some(({ spec }) => spec.child) || inner.children > 0 ? Infinity : 0,
    open: [`the model of ${agent.name} may call ${names} any number of times in a turn`, ...inner.open],
  };
}

function ownBounds(registry: Registry, agent: RegisteredAgent): Bounds {
  const { name, spec, models, tools } = agent;
  const turns = spec.limits?.turns ?? AGENT_LIMITS.turns;
  const costs = models.map((alias) => costOfCall(alias, registry.model(alias), spec.limits?.outputTokens));
  // The turn in which a model fails is taken again by the next one.
  const modelCalls = turns + models.length - 1;
  const open = costs.flatMap((cost) => (typeof cost === 'string' ? [cost] : []));
  const highest = Math.max(...costs.map((cost) => (typeof cost === 'string' ? Infinity : cost)));
  return {
    turns,
    modelCalls,
    usd: highest * modelCalls,
    atOnce: tools.size > 0 ? concurrencyOf(agent) : 1,
    children: 0,
    open,
    writes: [...tools.values()].flatMap(({ name: tool, tool: { spec } }) =>
      spec.effect === 'write' && spec.approval === undefined ? [`${tool} (${name})`] : [],
    ),
  };
}

/** US dollars of the dearest call that a model takes, or why that is not known. */
function costOfCall(alias: string, model: Model | undefined, limit = Infinity): number | string {
  if (!model) return `there is no model "${alias}"`;
  const price = priceOf(model);
  if (!price) return `the price of the model "${alias}" is not known: give it a price`;
  const { contextWindow, maxOutputTokens = Infinity } = model;
  if (price.input === 0 && price.output === 0) return 0;
  if (contextWindow === undefined)
    return `how long a prompt of the model "${alias}" may be is not known: give it a contextWindow`;
  const longest = Math.min(limit, maxOutputTokens, contextWindow);
  // Prompt and answer share the window.
  const output = price.output > price.input ? longest : 0;
  return costOf(price, { input: contextWindow - output, output });
}

function concurrencyOf({ spec }: RegisteredAgent): number {
  return spec.limits?.toolConcurrency ?? AGENT_LIMITS.toolConcurrency;
}

/** Hand-offs of one call at most: as many as the most patient of those who hand over allows. */
function handoffsOf(party: readonly RegisteredAgent[]): number {
  const handing = party.filter(({ handoffs }) => handoffs.size > 0);
  return Math.max(0, ...handing.map(({ spec }) => spec.limits?.handoffs ?? AGENT_LIMITS.handoffs));
}

function linked({ handoffs }: RegisteredAgent): string[] {
  return [...handoffs.values()].map(({ to }) => to);
}

function reachable(
  registry: Registry,
  name: string,
  next: (agent: RegisteredAgent) => readonly string[],
): RegisteredAgent[] {
  const found = new Map<string, RegisteredAgent>();
  const visit = (at: string): void => {
    if (found.has(at)) return;
    const agent = agentOf(registry, at);
    found.set(at, agent);
    next(agent).forEach(visit);
  };
  visit(name);
  return [...found.values()];
}

function agentOf(registry: Registry, name: string): RegisteredAgent {
  const agent = registry.agents.get(name);
  if (agent) return agent;
  throw new BatonError(
    'AgentUnknown',
    `there is no agent "${name}"; there are: ${registry.agentNames.join(', ') || 'none'}`,
  );
}
