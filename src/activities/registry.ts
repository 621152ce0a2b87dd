import { z } from 'zod';
import type { AnyAgent } from '../agents/define-agent.js';
import type { Tool } from '../agents/define-tool.js';
import { BatonError } from '../agents/failures.js';
import { Models, type Model } from '../agents/models.js';
import { RESERVED_PREFIX } from '../agents/names.js';
import { checkAgent, checkTool } from './check-definition.js';
import { digestOf } from './digest.js';
import { OutputSchema } from './output-schema.js';

export interface RegisteredTool {
  readonly name: string;
  readonly tool: Tool;
  /** JSON schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface RegisteredAgent {
  readonly name: string;
  readonly spec: AnyAgent['spec'];
  /** Hash of what the model is told: instructions, models, tools, schemas, limits. */
  readonly version: string;
  readonly models: readonly string[];
  readonly tools: ReadonlyMap<string, RegisteredTool>;
  /** Absent: the output is text. */
  readonly output?: OutputSchema;
}

/** The worker's definitions by name, checked: what is wrong with them is found at start. */
export class Registry {
  readonly agents = new Map<string, RegisteredAgent>();
  readonly tools = new Map<string, RegisteredTool>();
  private readonly models: Models | undefined;

  /**
   * @param definitions a module (`import * as agents`) or an object: agents and tools by name; other exports are left alone
   * @param models by alias; absent: an agent's model is OpenAI's own name of it
   * @throws BatonError `ConfigInvalid`
   */
  constructor(definitions: Readonly<Record<string, unknown>>, models?: Models) {
    this.models = parseModels(models);
    const byIdentity = new Map<unknown, string>();
    for (const [name, value] of Object.entries(definitions)) {
      if (!isDefinition(value)) continue;
      checkName(name, value.kind);
      const other = byIdentity.get(value);
      if (other !== undefined)
        invalid(`the ${value.kind} "${name}" is also registered as "${other}": export it once`);
      byIdentity.set(value, name);
      if (value.kind === 'tool') this.tools.set(name, registerTool(name, value));
    }
    for (const [name, value] of Object.entries(definitions)) {
      if (isDefinition(value) && value.kind === 'agent')
        this.agents.set(name, this.registerAgent(name, value));
    }
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
    for (const alias of models) {
      if (!this.model(alias)) {
        invalid(
          `agent "${name}" uses the model "${alias}", but models has only: ${Object.keys(this.models ?? {}).join(', ')}`,
        );
      }
    }
    const tools = new Map<string, RegisteredTool>();
    for (const [key, tool] of Object.entries(spec.tools ?? {})) {
      const registered = [...this.tools.values()].find((candidate) => candidate.tool === tool);
      if (!registered) {
        invalid(`agent "${name}" uses a tool as "${key}" that is not registered: export it beside the agent`);
      }
      tools.set(registered.name, registered);
    }
    const output =
      spec.output && !isText(spec.output) ? jsonOf(`output of agent "${name}"`, spec.output) : undefined;
    const outputSchema = spec.output && output ? new OutputSchema(name, spec.output, output) : undefined;
    const version = digestOf([
      spec.instructions,
      models,
      [...tools.values()].map((tool) => [tool.name, tool.tool.spec.description, tool.parameters]),
      spec.input ? jsonOf(`input of agent "${name}"`, spec.input) : null,
      output ?? null,
      spec.limits ?? null,
      spec.temperature ?? null,
    ]).slice(0, 8);
    return { name, spec, version, models, tools, ...(outputSchema ? { output: outputSchema } : {}) };
  }
}

function isDefinition(value: unknown): value is AnyAgent | Tool {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'agent' || value.kind === 'tool')
  );
}

function checkName(name: string, kind: string): void {
  // The pattern is that of function names in OpenAI's API, which others share.
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name))
    invalid(`"${name}" cannot name a ${kind}: use 1 to 64 letters, digits, _ or -`);
  if (name.startsWith(RESERVED_PREFIX) || name === 'default')
    invalid(`the name "${name}" is reserved: rename the ${kind}`);
}

function registerTool(name: string, tool: Tool): RegisteredTool {
  checkTool(name, tool.spec);
  const parameters = jsonOf(`input of tool "${name}"`, tool.spec.input);
  if (parameters.type !== 'object')
    invalid(`the input of tool "${name}" must be an object: z.object({ ... })`);
  return { name, tool, parameters };
}

function jsonOf(what: string, schema: z.ZodType): Record<string, unknown> {
  try {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
    return withoutRootReference(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('ConfigInvalid', `the ${what} cannot be written as JSON schema: ${reason}`, {
      cause,
    });
  }
}

/** A schema with an id of its own is written as a reference to itself, which does not tell that it is an object. */
function withoutRootReference({ $ref, ...json }: z.core.JSONSchema.BaseSchema): Record<string, unknown> {
  if ($ref === undefined) return json;
  const root = json.$defs?.[$ref.replace('#/$defs/', '')];
  return typeof root === 'object' ? { ...root, ...json } : { $ref, ...json };
}

function isText(schema: z.ZodType): boolean {
  return schema instanceof z.ZodString;
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
