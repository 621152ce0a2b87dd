import { types } from 'node:util';
import { APIConnectionError, APIError } from 'openai';
import type { FailureCode } from '../../agents/failures.js';
import { AnswerError } from './answer-error.js';
import { isObject } from './json-schema.js';
import { retryAfter } from './retry-after.js';

export interface Classified {
  code: FailureCode;
  /** The provider's message, at most `MAX_MESSAGE` characters of it. */
  message: string;
  status?: number;
  /** Milliseconds that the provider asks to wait. */
  retryAfter?: number;
  /** Set where the model may have been at work, so that the provider may charge for it: no answer came, or none that can be read. */
  maybePaid?: true;
}

/** It stands in the history: gateways answer with whole web pages. */
const MAX_MESSAGE = 1000;
/** Errors of the operating system after which no request has gone out. */
const NOT_REACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'bad port'];
/** Statuses by which a gateway says that no answer came in time; the model may have been at work. */
const TOO_LATE: unknown[] = [408, 504, 524];
/** A provider that is down for longer is better left for the next model. */
const MAX_DOWN_WAIT_MS = 30_000;

/** What an error of a model call means, by the failure table. Anything else than a provider's error is ProviderDown. */
export function classify(error: unknown): Classified {
  const { message, ...rest } = meaningOf(error);
  return { ...rest, message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message };
}

function meaningOf(error: unknown): Classified {
  if (error instanceof APIError && !(error instanceof APIConnectionError)) {
    const meaning = byStatus(error.status, error.error, error.message, error.headers);
    return TOO_LATE.includes(error.status) ? { ...meaning, maybePaid: true } : meaning;
  }
  if (error instanceof AnswerError) {
    const { status = 500 } = error;
    const meaning = byStatus(error.status, error.error, error.message, undefined);
    return status >= 500 ? { ...meaning, maybePaid: true } : meaning;
  }
  if (!types.isNativeError(error)) return { code: 'ProviderDown', message: String(error), maybePaid: true };
  const message = withCause(error);
  return {
    code: 'ProviderDown',
    ...(NOT_REACHED.some((code) => message.includes(code)) ? {} : { maybePaid: true as const }),
    message: error.name === 'SyntaxError' ? `the provider's answer is not valid JSON: ${message}` : message,
  };
}

function byStatus(
  status: number | undefined,
  body: unknown,
  brief: string,
  headers: Headers | undefined,
): Classified {
  const { codes, upstream } = namesIn(body);
  const message = upstream === undefined ? brief : `${brief}: ${upstream}`;
  const wait = retryAfter(headers, Date.now());
  const code = codeOf(status, codes, message);
  const rest = { code, message, ...(status === undefined ? {} : { status }) };
  if (wait === undefined) return rest;
  if (code === 'RateLimited') return { ...rest, retryAfter: wait };
  return code === 'ProviderDown' ? { ...rest, retryAfter: Math.min(wait, MAX_DOWN_WAIT_MS) } : rest;
}

/** The names that the body of a failure gives it, and what a gateway says of the provider behind it (OpenRouter). */
function namesIn(body: unknown): { codes: string[]; upstream: string | undefined } {
  if (!isObject(body)) return { codes: [], upstream: undefined };
  const raw = isObject(body.metadata) ? body.metadata.raw : undefined;
  return {
    codes: [body.code, body.type].filter((name) => typeof name === 'string'),
    upstream: typeof raw === 'string' ? raw : undefined,
  };
}

// The account has no credit left: waiting does not help, although OpenAI says 429.
const NO_CREDIT = ['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active'];
const FILTERED = ['content_filter', 'content_policy_violation', 'invalid_prompt', 'bio_policy'];

function codeOf(status: number | undefined, codes: readonly string[], message: string): FailureCode {
  const says = (...names: string[]) => codes.some((code) => names.includes(code));
  if (says(...NO_CREDIT) || status === 402) return 'Unauthorized';
  if (says('context_length_exceeded') || isTooLong(status, message)) return 'ContextOverflow';
  if (says(...FILTERED) || (status === 403 && /flagged|moderation/i.test(message))) return 'Refused';
  if (status === 429 || says('rate_limit_exceeded')) return 'RateLimited';
  if (status === 401 || status === 403 || says('invalid_api_key')) return 'Unauthorized';
  if (status === undefined || status >= 500 || status === 408 || status === 409) return 'ProviderDown';
  return 'BadRequest';
}

/** Providers' words for a context overflow. */
const TOO_LONG = [
  /maximum (context|prompt) length/i, // OpenAI, DeepSeek, vLLM, OpenRouter; xAI
  /context[ _](length|window|size)[^.]*exceed/i,
  /exceeds? the (available )?context/i, // llama.cpp
  /exceeds? the maximum number of (input )?tokens/i, // Gemini
  /prompt( \([^)]*\))? is too long/i, // Anthropic, vLLM
  /input is too long for/i, // Bedrock
  /larger context length/i, // LM Studio
  /too many tokens/i,
  /too large for model/i, // Mistral
];

/** Of a 429 it is true only where no wait would help: the one request is over the limit of a minute. */
function isTooLong(status: number | undefined, message: string): boolean {
  if (/tokens must be reduced|reduce your message size/i.test(message)) return true;
  return status !== 429 && TOO_LONG.some((words) => words.test(message));
}

/** The message with those of its causes: "Connection error." alone helps nobody. */
function withCause(error: Error): string {
  const cause: unknown = error.cause;
  if (!types.isNativeError(cause)) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return `${error.message}: ${withCause(cause)}${code}`;
}
