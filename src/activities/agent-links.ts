import { isDeepStrictEqual } from 'node:util';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import type { AgentTool, AgentToolSpec } from '../agents/agent-tool.js';
import type { AnyAgent } from '../agents/define-agent.js';
import { BatonError } from '../agents/failures.js';
import type { Handoff } from '../agents/handoff.js';
import { RESERVED_PREFIX } from '../agents/names.js';
import type { HandoffTranscript } from '../agents/turn.js';
import { checkAgentTool, checkHandoff } from './check-definition.js';
import { isText, jsonSchemaOf, outputSchemaOf } from './definition-schema.js';
import type { Offer } from './offer.js';
import { handoffOffer } from './pseudo-tools.js';
import { wrapSchema } from './wrap-schema.js';

/** An agent that another one may call as a tool. */
export interface RegisteredAgentTool extends Offer {
  readonly spec: Omit<AgentToolSpec<never>, 'timeout'> & { readonly timeout?: number };
  /** Schema of the agent's input. */
  readonly input: z.ZodType;
  /** Whether the input is the argument `input`, as it is no object. */
  readonly wrapped: boolean;
}

/** An agent to which another one may hand the conversation over. */
export interface RegisteredHandoff extends Offer {
  readonly to: string;
  readonly keep: HandoffTranscript;
  readonly summariser?: string;
}

/** The name under which a definition is registered. */
export type NameOf = (definition: AnyAgent) => string | undefined;

/** @throws BatonError `ConfigInvalid` */
export function linkAgentTool(
  owner: string,
  key: string,
  given: AnyAgent | AgentTool,
  nameOf: NameOf,
): RegisteredAgentTool {
  const { agent, spec } = given.kind === 'agent' ? { agent: given, spec: {} } : given;
  const name = nameOf(agent);
  if (name === undefined)
    invalid(`agent "${owner}" uses an agent as "${key}" that is not registered: export it beside the agent`);
  checkAgentTool(owner, name, spec);
  const input = agent.spec.input ?? z.string();
  const json = jsonSchemaOf(`input of agent "${name}"`, input);
  const wrapped = json.type !== 'object';
  const { timeout, ...rest } = spec;
  return {
    name,
    description: spec.description ?? agent.spec.description,
    parameters: wrapped ? wrapSchema('input', json) : json,
    spec: { ...rest, ...(timeout === undefined ? {} : { timeout: msToNumber(timeout) }) },
    input,
    wrapped,
  };
}

/**
 * The hand-offs of an agent's definition.
 * @throws BatonError `ConfigInvalid`
 */
export function linkHandoffs(
  name: string,
  { handoffs, output }: AnyAgent['spec'],
  nameOf: NameOf,
): RegisteredHandoff[] {
  const given: unknown = typeof handoffs === 'function' ? handoffs() : handoffs;
  return Object.entries(checkHandoffs(name, given)).map(([key, target]) => {
    const { to, spec } = target.kind === 'agent' ? { to: target, spec: {} } : target;
    const toName = nameOf(to);
    if (toName === undefined)
      invalid(
        `agent "${name}" hands over to an agent as "${key}" that is not registered: export it beside the agent`,
      );
    if (toName === name) invalid(`agent "${name}" hands over to itself`);
    if (!isDeepStrictEqual(outputSchemaOf(name, output), outputSchemaOf(toName, to.spec.output))) {
      invalid(
        `agent "${name}" hands over to "${toName}", which has another output schema: whoever answers last gives the output, so both must have the same`,
      );
    }
    checkHandoff(name, toName, spec);
    return {
      ...handoffOffer(toName, spec.description ?? to.spec.description),
      to: toName,
      keep: spec.transcript ?? 'all',
      ...(spec.transcript === 'summary' ? { summariser: summariserOf(name, spec.summariser, nameOf) } : {}),
    };
  });
}

export function summariserOf(owner: string, agent: AnyAgent | undefined, nameOf: NameOf): string {
  if (!agent) return `${RESERVED_PREFIX}summariser`;
  const name = nameOf(agent);
  if (name === undefined)
    invalid(`the summariser of agent "${owner}" is not registered: export it beside the agent`);
  if (agent.spec.input && !isText(agent.spec.input))
    invalid(`"${name}" cannot be the summariser of agent "${owner}": its input must be text`);
  return name;
}

/** What a function gives is not looked at by the compiler. */
function checkHandoffs(name: string, given: unknown): Record<string, AnyAgent | Handoff> {
  if (given === undefined) return {};
  const isTarget = (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'agent' || value.kind === 'handoff');
  if (typeof given !== 'object' || given === null || !Object.values(given).every(isTarget))
    invalid(`handoffs of agent "${name}" are agents by name: { billing } or () => ({ billing })`);
  return given as Record<string, AnyAgent | Handoff>;
}

function invalid(message: string): never {
  throw new BatonError('ConfigInvalid', message);
}
