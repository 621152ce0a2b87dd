import { z } from 'zod';
import { builtInAgents } from '../agents/built-in/index.js';
import type { AnyAgent } from '../agents/define-agent.js';
import type { Subscription } from '../agents/define-subscription.js';
import type { Tool } from '../agents/define-tool.js';
import { BatonError } from '../agents/failures.js';
import { Models, type Model } from '../agents/models.js';
import { RESERVED_PREFIX } from '../agents/names.js';
import {
  linkAgentTool,
  linkHandoffs,
  type RegisteredAgentTool,
  type RegisteredHandoff,
} from './agent-links.js';
import { contextOf, type RegisteredContext } from './agent-context.js';
import { checkAgent, checkSubscription, checkTool } from './check-definition.js';
import { jsonSchemaOf, outputSchemaOf } from './definition-schema.js';
import { digestOf } from './digest.js';
import type { Offer } from './offer.js';
import { OutputSchema } from './output-schema.js';
import { REJECT_OFFER } from './pseudo-tools.js';

/** Model of Baton's own agents where the worker has no models of its own. */
const DEFAULT_MODEL = 'gpt-5-mini';

export interface RegisteredTool extends Offer {
  readonly tool: Tool;
}

export interface RegisteredAgent {
  readonly name: string;
  readonly spec: AnyAgent['spec'];
  /** Hash of what the model is told: instructions, models, tools, schemas, limits. */
  readonly version: string;
  readonly models: readonly string[];
  readonly tools: ReadonlyMap<string, RegisteredTool>;
  /** Agents that it may call, and to which it may hand over, by the function that the model is offered. */
  readonly agentTools: ReadonlyMap<string, RegisteredAgentTool>;
  readonly handoffs: ReadonlyMap<string, RegisteredHandoff>;
  /** What is left out of conversations that are too long; absent: nothing. */
  readonly context?: RegisteredContext;
  /** All that the model is offered. */
  readonly offers: readonly Offer[];
  /** JSON schema of the input. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Absent: the output is text. */
  readonly output?: OutputSchema;
}

/** The worker's definitions by name, checked: what is wrong with them is found at start. */
export class Registry {
  readonly agents = new Map<string, RegisteredAgent>();
  readonly tools = new Map<string, RegisteredTool>();
  readonly subscriptions = new Map<string, Subscription>();
  private readonly models: Models | undefined;
  private readonly names = new Map<unknown, string>();

  /**
   * @param definitions a module (`import * as agents`) or an object: agents and tools by name; other exports are left alone
   * @param models by alias; absent: an agent's model is OpenAI's own name of it
   * @param ownModel alias of the model of Baton's own agents; absent: the first of `models`
   * @throws BatonError `ConfigInvalid`
   */
  constructor(definitions: Readonly<Record<string, unknown>>, models?: Models, ownModel?: string) {
    this.models = parseModels(models);
    const alias = ownModel ?? (this.models ? Object.keys(this.models)[0] : DEFAULT_MODEL);
    if (alias !== undefined) {
      for (const [name, agent] of Object.entries(builtInAgents(alias)))
        this.agents.set(name, this.registerAgent(name, agent));
    }
    for (const [name, value] of Object.entries(definitions)) {
      if (!isDefinition(value)) continue;
      checkName(name, value.kind);
      const other = this.names.get(value);
      if (other !== undefined)
        invalid(`the ${value.kind} "${name}" is also registered as "${other}": export it once`);
      this.names.set(value, name);
      if (value.kind === 'tool') this.tools.set(name, registerTool(name, value));
      if (value.kind === 'subscription') {
        checkSubscription(name, value);
        this.subscriptions.set(name, value);
      }
    }
    for (const [name, value] of Object.entries(definitions)) {
      if (isDefinition(value) && value.kind === 'agent')
        this.agents.set(name, this.registerAgent(name, value));
    }
  }

  /** Names of the user's agents, without Baton's own. */
  get agentNames(): string[] {
    return [...this.agents.keys()].filter((name) => !name.startsWith(RESERVED_PREFIX));
  }

  /** The model of an alias; undefined where the worker has none of that name. */
  model(alias: string): Model | undefined {
    if (!this.models) return { model: alias };
    return Object.hasOwn(this.models, alias) ? this.models[alias] : undefined;
  }

  private registerAgent(name: string, agent: AnyAgent): RegisteredAgent {
    const { spec } = agent;
    checkAgent(name, spec);
    const models = typeof spec.model === 'string' ? [spec.model] : spec.model;
    if (models.length === 0) invalid(`agent "${name}" names no model`);
    for (const alias of [...models, ...(spec.cheaper === undefined ? [] : [spec.cheaper])]) {
      if (!this.model(alias)) {
        invalid(
          `agent "${name}" uses the model "${alias}", but models has only: ${Object.keys(this.models ?? {}).join(', ')}`,
        );
      }
    }
    const tools = new Map<string, RegisteredTool>();
    const agentTools = new Map<string, RegisteredAgentTool>();
    const nameOf = (definition: AnyAgent) => this.names.get(definition);
    for (const [key, tool] of Object.entries(spec.tools ?? {})) {
      if (tool.kind !== 'tool') {
        const linked = linkAgentTool(name, key, tool, nameOf);
        agentTools.set(linked.name, linked);
        continue;
      }
      const registered = [...this.tools.values()].find((candidate) => candidate.tool === tool);
      if (!registered) {
        invalid(`agent "${name}" uses a tool as "${key}" that is not registered: export it beside the agent`);
      }
      tools.set(registered.name, registered);
    }
    const handoffs = new Map(linkHandoffs(name, spec, nameOf).map((handoff) => [handoff.name, handoff]));
    const context = contextOf(name, spec, nameOf);
    const links = [...agentTools.values(), ...handoffs.values(), ...(spec.rejects ? [REJECT_OFFER] : [])];
    const offers = [...tools.values(), ...links];
    checkOffers(name, offers);
    const output = outputSchemaOf(name, spec.output);
    const outputSchema = spec.output && output ? new OutputSchema(name, spec.output, output) : undefined;
    const input = jsonSchemaOf(`input of agent "${name}"`, spec.input ?? z.string());
    const version = digestOf([
      spec.instructions,
      models,
      [...tools.values()].map((tool) => [tool.name, tool.tool.spec.description, tool.parameters]),
      spec.input ? input : null,
      output ?? null,
      spec.limits ?? null,
      spec.temperature ?? null,
      // Agents that know of no others keep the version that they had before there were such links.
      ...(links.length > 0
        ? [links.map(({ name, description, parameters }) => [name, description, parameters])]
        : []),
      ...[...handoffs.values()].map(({ keep, summariser }) => [keep, summariser ?? null]),
      ...(spec.cheaper === undefined ? [] : [{ cheaper: spec.cheaper }]),
      ...(spec.context === undefined ? [] : [{ context: context ?? false }]),
    ]).slice(0, 8);
    return {
      name,
      spec,
      version,
      models,
      tools,
      agentTools,
      handoffs,
      offers,
      ...(context ? { context } : {}),
      input,
      ...(outputSchema ? { output: outputSchema } : {}),
    };
  }
}

function isDefinition(value: unknown): value is AnyAgent | Tool | Subscription {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'agent' || value.kind === 'tool' || value.kind === 'subscription')
  );
}

function checkName(name: string, kind: string): void {
  // The pattern is that of function names in OpenAI's API, which others share.
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name))
    invalid(`"${name}" cannot name a ${kind}: use 1 to 64 letters, digits, _ or -`);
  if (name.startsWith(RESERVED_PREFIX) || name === 'default')
    invalid(`the name "${name}" is reserved: rename the ${kind}`);
}

/** @throws BatonError `ConfigInvalid` where two functions have one name, or a name is too long for providers */
function checkOffers(agent: string, offers: readonly Offer[]): void {
  const names = offers.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    invalid(`agent "${agent}" would offer its model two functions "${twice}": rename the tool`);
  const long = names.find((name) => name.length > 64);
  if (long !== undefined)
    invalid(`the name "${long}" is longer than the 64 characters that providers take: shorten the agent's`);
}

function registerTool(name: string, tool: Tool): RegisteredTool {
  checkTool(name, tool.spec);
  const parameters = jsonSchemaOf(`input of tool "${name}"`, tool.spec.input);
  if (parameters.type !== 'object')
    invalid(`the input of tool "${name}" must be an object: z.object({ ... })`);
  return { name, description: tool.spec.description, tool, parameters };
}

function parseModels(models: Models | undefined): Models | undefined {
  if (models === undefined) return undefined;
  const parsed = Models.safeParse(models);
  if (!parsed.success) invalid(`models: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function invalid(message: string): never {
  throw new BatonError('ConfigInvalid', message);
}
