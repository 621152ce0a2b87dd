import { ApplicationFailure } from '@temporalio/common';

export interface GetOptions {
  /** What is asked, for messages. */
  source: string;
  headers?: Record<string, string>;
  signal: AbortSignal;
  /** Whether to go where an answer points. Default: yes. No where the headers hold a key, which would go along. */
  follow?: boolean;
}

/** An answer is at most so long, in bytes: all figures of a large company are some 10 MB. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Waits longer than this, in seconds, are left to the caller: the tool's time is short. */
const MAX_WAIT = 20;

/** What a source said instead of an answer. */
export class SourceError extends Error {
  constructor(
    message: string,
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The body of a page as text.
 * @throws a retryable ApplicationFailure where another attempt may help: 429 with a short `Retry-After`, 5xx, a lost
 * connection; a SourceError, which says what to do, where none will
 */
export async function get(
  url: string,
  { source, headers = {}, signal, follow = true }: GetOptions,
): Promise<string> {
  const response = await fetch(url, { headers, signal, redirect: follow ? 'follow' : 'manual' }).catch(
    (cause: unknown) => {
      if (signal.aborted) throw cause;
      throw again(`${source} did not answer: ${reasonOf(cause)}`);
    },
  );
  const { status } = response;
  if (response.ok) return textOf(response, source, signal);
  await response.body?.cancel();
  if (status >= 300 && status < 400)
    throw new SourceError(`${source} has moved to ${response.headers.get('location')}`, status);
  if (status === 429) throw tooMany(source, secondsOf(response.headers.get('retry-after')));
  if (status >= 500) throw again(`${source} answered ${status}`);
  throw new SourceError(`${source} answered ${status} for ${withoutQuery(url)}`, status);
}

async function textOf(response: Response, source: string, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > MAX_BYTES) throw new SourceError(`${source} answered with more than ${MAX_BYTES} bytes`);
      text += decoder.decode(chunk as Uint8Array, { stream: true });
    }
  } catch (cause) {
    if (signal.aborted || cause instanceof SourceError) throw cause;
    throw again(`${source} broke off: ${reasonOf(cause)}`);
  }
  return text + decoder.decode();
}

function tooMany(source: string, wait: number | undefined): Error {
  if (wait !== undefined && wait > MAX_WAIT)
    return new SourceError(`${source} asks to slow down (429), and to come back in ${wait} s`, 429);
  return again(`${source} asks to slow down (429)`, wait);
}

/** @param wait seconds until the next attempt */
function again(message: string, wait?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'SourceDown',
    message,
    ...(wait === undefined ? {} : { nextRetryDelay: wait * 1000 }),
  });
}

/** `Retry-After` is a number of seconds, or a date (RFC 9110, 10.2.3). */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const seconds = Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** A query may hold a key. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, '');
}
