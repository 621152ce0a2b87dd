import type { ContextPolicy } from '../agents/context-policy.js';
import type { AnyAgent } from '../agents/define-agent.js';
import { summariserOf, type NameOf } from './agent-links.js';
import { checkContext } from './check-definition.js';

/** An agent's policy for conversations that are too long, its summariser by name. */
export interface RegisteredContext extends Omit<ContextPolicy, 'summarise'> {
  /** Absent: what is left out is not summed up. */
  readonly summariser?: string;
  /** Whether the summariser uses the agent's models, so that the conversation goes to nobody else. */
  readonly ownModels: boolean;
}

/**
 * Undefined where nothing may be left out.
 * @throws BatonError `ConfigInvalid`
 */
export function contextOf(
  name: string,
  { context = {} }: AnyAgent['spec'],
  nameOf: NameOf,
): RegisteredContext | undefined {
  if (context === false) return undefined;
  checkContext(name, context);
  const { summarise = true, ...rest } = context;
  if (summarise === false) return { ...rest, ownModels: false };
  const given = summarise === true ? undefined : summarise;
  return { ...rest, summariser: summariserOf(name, given, nameOf), ownModels: given === undefined };
}
