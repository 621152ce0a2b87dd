import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Json } from '../agents/json.js';
import { isObject, portable } from './models/json-schema.js';
import { strictSchema } from './models/strict-schema.js';
import { wrapSchema } from './wrap-schema.js';

/** What became of a model's final text. */
export type ParsedOutput =
  /** It fits. `same` where the output is just the text read as JSON. */
  | { ok: true; output: Json; same: boolean }
  /** It does not; `problem` tells the model why. */
  | { ok: false; problem: string };

/** An agent's output schema in its two forms: as the model is asked for it, and as its answer is checked. */
export class OutputSchema {
  /** JSON schema whose root is an object, as providers require. */
  readonly json: Record<string, unknown>;
  /** Whether the schema fits OpenAI's strict mode, in which the answer cannot but follow it. */
  readonly strict: boolean;
  private readonly wrapped: boolean;

  constructor(
    readonly name: string,
    private readonly schema: z.ZodType,
    json: Record<string, unknown>,
  ) {
    this.wrapped = json.type !== 'object';
    const rooted = this.wrapped ? wrapSchema('result', json) : json;
    const strict = strictSchema(rooted);
    this.strict = strict !== undefined;
    this.json = strict ?? portable(rooted);
  }

  async parse(text: string): Promise<ParsedOutput> {
    const read = readJson(text);
    if (!read) return { ok: false, problem: 'The answer is not valid JSON.' };
    const { value, bare } = read;
    // Models that are asked in words only like to leave the wrapping out.
    const inner = this.wrapped && isObject(value) && 'result' in value ? value.result : value;
    const parsed = await this.schema.safeParseAsync(inner);
    if (!parsed.success) return { ok: false, problem: z.prettifyError(parsed.error) };
    const output = JSON.parse(JSON.stringify(parsed.data ?? null)) as Json;
    return { ok: true, output, same: bare && isDeepStrictEqual(output, value) };
  }
}

/**
 * Text as JSON. Models without strict mode put it into a Markdown fence, and reasoning models on local servers put
 * their thoughts before it. `bare` where there is nothing but the JSON.
 */
function readJson(text: string): { value: unknown; bare: boolean } | undefined {
  const answer = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '');
  const fenced = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/i.exec(answer)?.[1];
  try {
    return { value: JSON.parse(fenced ?? answer) as unknown, bare: fenced === undefined && answer === text };
  } catch {
    return undefined;
  }
}
