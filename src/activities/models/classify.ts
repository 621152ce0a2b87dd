import { APIConnectionError, APIError } from 'openai';
import type { FailureCode } from '../../agents/failures.js';
import { AnswerError } from './answer-error.js';

export interface Classified {
  code: FailureCode;
  message: string;
  status?: number;
  /** Milliseconds that the provider asks to wait. */
  retryAfter?: number;
}

/** What an error of a model call means, by the failure table. Anything else than a provider's error is ProviderDown. */
export function classify(error: unknown): Classified {
  if (error instanceof APIConnectionError) {
    return { code: 'ProviderDown', message: withCause(error) };
  }
  if (error instanceof APIError) {
    return byStatus(error.status, error.code ?? undefined, error.message, error.headers);
  }
  if (error instanceof AnswerError) {
    return byStatus(error.status, error.code, error.message, undefined);
  }
  return { code: 'ProviderDown', message: error instanceof Error ? withCause(error) : String(error) };
}

function byStatus(
  status: number | undefined,
  providerCode: string | undefined,
  message: string,
  headers: Headers | undefined,
): Classified {
  const rest = { message, ...(status === undefined ? {} : { status }) };
  if (isContextOverflow(providerCode, message)) return { code: 'ContextOverflow', ...rest };
  // OpenAI says 429 also where the account has no credit left: waiting does not help.
  if (providerCode === 'insufficient_quota') return { code: 'Unauthorized', ...rest };
  if (status === 429 || providerCode === 'rate_limit_exceeded') {
    const retryAfter = retryAfterOf(headers);
    return { code: 'RateLimited', ...rest, ...(retryAfter === undefined ? {} : { retryAfter }) };
  }
  if (status === 401 || status === 403) return { code: 'Unauthorized', ...rest };
  if (providerCode === 'content_filter' || providerCode === 'content_policy_violation')
    return { code: 'Refused', ...rest };
  if (status === undefined || status >= 500 || status === 408 || status === 409)
    return { code: 'ProviderDown', ...rest };
  return { code: 'BadRequest', ...rest };
}

/** Providers' codes and words differ: OpenAI and Azure, vLLM and Mistral, Anthropic, Gemini, OpenRouter. */
function isContextOverflow(code: string | undefined, message: string): boolean {
  return (
    code === 'context_length_exceeded' ||
    /maximum context length|context[ _](length|window)[^.]*exceed|exceeds? the (context|maximum number of (input )?tokens)|prompt is too long|too many tokens|too large for model/i.test(
      message,
    )
  );
}

/**
 * Milliseconds to wait, from `Retry-After` (seconds or an HTTP date, RFC 9110) and `Retry-After-Ms`. Azure sends
 * `Retry-After: 1` with `Retry-After-Ms: 0`: the longer holds.
 */
function retryAfterOf(headers: Headers | undefined): number | undefined {
  const waits = [numberOf(headers?.get('retry-after-ms')), secondsOrDate(headers?.get('retry-after'))];
  const known = waits.filter((wait) => wait !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

function secondsOrDate(value: string | null | undefined): number | undefined {
  if (!value) return undefined;
  const seconds = numberOf(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function numberOf(value: string | null | undefined): number | undefined {
  const number = value ? Number(value) : NaN;
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** The message with those of its causes: "Connection error." alone helps nobody. */
function withCause(error: Error): string {
  const cause: unknown = error.cause;
  if (!(cause instanceof Error)) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return `${error.message}: ${withCause(cause)}${code}`;
}
