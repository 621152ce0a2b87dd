import type { AgentCard } from '../../agents/agent-card.js';
import { describeAgents } from '../describe-agents.js';
import { failure, type FailureInfo } from '../fail.js';
import { gather, type Missing } from '../gather.js';
import { agentOf, namedCallOf } from '../named-call.js';
import { nameEach, type NamedFunction } from './name-each.js';

type AnyFunction = (input: never) => Promise<unknown>;

/** An agent as its definition calls it, and the workers that have it. */
interface Registered {
  name: string;
  agent: string;
  taskQueue: string | undefined;
}

/** Names of agents that can be asked, cheapest first, and of the others, with why not. */
export interface AbleAgents {
  able: string[];
  passed: Missing[];
}

/**
 * Which agents have all the capabilities and workers that answer, by their definitions.
 * @throws ConfigInvalid where a function is no agent
 */
export async function ableAgents(
  agents: Readonly<Record<string, AnyFunction>>,
  needs: readonly string[],
): Promise<AbleAgents> {
  const registered = nameEach('routeToAgent', agents).map(registeredOf);
  const cards = await cardsOf(registered);
  const able: { name: string; price: number }[] = [];
  const passed: Missing[] = [];
  for (const [place, card] of cards.entries()) {
    const { name } = registered[place] as Registered;
    const unfit = 'code' in card ? card : lackOf(card, needs);
    if (unfit) passed.push({ name, ...unfit });
    else able.push({ name, price: priceOf(card as AgentCard) });
  }
  // Sorting keeps the order of equal ones; the difference of two unknown prices would be no number.
  able.sort((a, b) => (a.price === b.price ? 0 : a.price - b.price));
  return { able: able.map(({ name }) => name), passed };
}

function registeredOf({ name, fn }: NamedFunction<AnyFunction>): Registered {
  const call = namedCallOf(fn);
  const agent = agentOf(call);
  if (call === undefined || agent === undefined)
    throw failure('ConfigInvalid', `routeToAgent: "${name}" is no agent; give it agents of proxyAgents`);
  const own = call.kind === 'child' ? call.options.taskQueue : undefined;
  return { name, agent, taskQueue: call.placement?.taskQueue ?? own };
}

/** Each agent's card, or why there is none. Each task queue is asked once. */
async function cardsOf(registered: readonly Registered[]): Promise<(AgentCard | FailureInfo)[]> {
  const queues = [...new Set(registered.map(({ taskQueue }) => taskQueue))];
  const { results, missing } = await gather(
    queues.map((taskQueue) => ({
      name: taskQueue ?? 'own',
      run: () => {
        const names = registered.filter((one) => one.taskQueue === taskQueue).map(({ agent }) => agent);
        return describeAgents(names, taskQueue === undefined ? {} : { taskQueue });
      },
    })),
    { need: 'bestEffort' },
  );
  return registered.map(({ agent, taskQueue }) => {
    const cards = results[queues.indexOf(taskQueue)];
    const where = taskQueue === undefined ? "the run's own task queue" : `task queue "${taskQueue}"`;
    if (!cards) {
      const why = missing.find(({ name }) => name === (taskQueue ?? 'own'))?.message ?? '';
      return { code: 'TimedOut', message: `no worker of ${where} answers: ${why}`, details: undefined };
    }
    return (
      cards.find(({ name }) => name === agent) ?? {
        code: 'AgentUnknown',
        message: `the workers of ${where} have no agent "${agent}"`,
        details: undefined,
      }
    );
  });
}

function lackOf({ capabilities, models }: AgentCard, needs: readonly string[]): FailureInfo | undefined {
  const lacking = needs.filter((need) => !capabilities.includes(need));
  if (lacking.length > 0)
    return { code: 'NotAccepted', message: `it lacks: ${lacking.join(', ')}`, details: { lacking } };
  if (models.length === 0 || models.some(({ open }) => !open)) return undefined;
  const aliases = models.map(({ alias }) => alias);
  const message = `its models are not asked now, as their providers are down: ${aliases.join(', ')}`;
  return { code: 'CircuitOpen', message, details: { models: aliases } };
}

/** USD for a million tokens of input and of output with the first model that is asked. */
function priceOf({ models }: AgentCard): number {
  const first = models.find(({ open }) => !open);
  return first?.price ? first.price.input + first.price.output : Infinity;
}
