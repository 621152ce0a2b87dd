import type { Duration } from '@temporalio/common';
import type { FailureCode } from '../../agents/failures.js';
import { settle } from '../contain.js';
import { withElsewhere } from '../elsewhere.js';
import { failure } from '../fail.js';
import type { Missing } from '../gather.js';
import { inSpan } from '../span.js';
import { ableAgents } from './able-agents.js';
import { whyMissing } from '../why-missing.js';

type Agents = Readonly<Record<string, (input: never) => Promise<unknown>>>;

/** What all of the agents take. */
type InputOf<A extends Agents> = {
  [K in keyof A]: A[K] extends (input: infer Input) => unknown ? (input: Input) => void : never;
}[keyof A] extends (input: infer Input) => void
  ? Input
  : never;

export interface RouteToAgentOptions {
  /** Capabilities that an agent must have, all of them. */
  needs?: readonly string[];
  /** How long each agent may take. */
  timeout?: Duration;
}

/** Which agent did it. */
export interface RoutedToAgent<Name extends string, Output> {
  agent: Name;
  output: Output;
  /** Agents that were passed over, and why. `NotNeeded`: one before it answered. */
  passed: Missing[];
}

/** After these another agent may do better; any other failure says something of the input or of the run. */
const GO_ON: readonly string[] = [
  'ProviderDown',
  'CircuitOpen',
  'RateLimited',
  'Unauthorized',
  'BadRequest',
  'TimedOut',
  'AgentUnknown',
] satisfies FailureCode[];

/**
 * Gives the input to the cheapest agent that has what is needed and is there, by their definitions; where its model or its workers
 * fail, to the next. The price is that of the agent's first model, input and output added up; agents without one come last, and equal
 * ones in the order given.
 * @throws RouteUnknown where no agent has what is needed, or all of those fail; a failure that another agent can't help
 */
export function routeToAgent<const A extends Agents>(
  agents: A,
  input: InputOf<A>,
  { needs = [], timeout }: RouteToAgentOptions = {},
): Promise<RoutedToAgent<keyof A & string, Awaited<ReturnType<A[keyof A]>>>> {
  return inSpan('routeToAgent', async () => {
    const { able, passed } = await ableAgents(agents, needs);
    for (const [place, name] of able.entries()) {
      // The type of the input is what each agent takes.
      const call = () => inSpan(name, async () => agents[name]?.(input as never));
      const hasNext = place < able.length - 1;
      const { error, ...outcome } = await settle(() => withElsewhere(call, hasNext), { timeout });
      if (outcome.ok) {
        const output = outcome.value as Awaited<ReturnType<A[keyof A]>>;
        const rest = able.slice(place + 1).map((other): Missing => {
          return { name: other, code: 'NotNeeded', message: `${name} answered`, details: undefined };
        });
        return { agent: name, output, passed: [...passed, ...rest] };
      }
      const { code, wrote } = outcome.failure;
      // Another one would begin anew, and might write a second time.
      if (!GO_ON.includes(code) || wrote) throw error;
      passed.push({ name, ...outcome.failure });
    }
    throw failure('RouteUnknown', `no agent took the input; ${whyMissing(passed)}`, { passed });
  });
}
