import type OpenAI from 'openai';
import { inSeconds } from './in-seconds.js';
import type { ModelAnswer, ModelRequest } from './model.js';

/** A provider may be silent in the middle of a streamed answer for this long. */
const SILENCE_MS = 60_000;

/** Asks a model's provider, and gives up after the request's time-out, which covers the body of the answer too. */
export async function askInTime(
  request: ModelRequest,
  ask: (options: OpenAI.RequestOptions) => Promise<ModelAnswer>,
): Promise<ModelAnswer> {
  const timeout = Math.max(1, Math.floor(request.timeout));
  // Not AbortSignal.any: the client leaves its listener on the signal, and Node keeps such a signal for ever.
  const ended = new AbortController();
  const end = () => ended.abort(request.signal.reason);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    ended.abort();
  }, timeout);
  if (request.signal.aborted) end();
  request.signal.addEventListener('abort', end);
  try {
    return await ask({
      signal: ended.signal,
      // The client's own time-out ends with the headers; ours covers the body too, and comes first.
      timeout: timeout + 60_000,
    });
  } catch (error) {
    if (!late || request.signal.aborted) throw error;
    throw new Error(`${request.model.model} did not answer within ${inSeconds(timeout)}`);
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', end);
  }
}

/** The body of an answer that was asked for in pieces: put together by `read`, or as text where it came whole all the same. */
export async function inPieces(
  response: Response,
  { timeout }: ModelRequest,
  read: (body: ReadableStream<Uint8Array>, silence: number) => Promise<object>,
): Promise<unknown> {
  const whole = response.headers.get('content-type')?.includes('application/json') ?? false;
  return response.body && !whole ? read(response.body, Math.min(SILENCE_MS, timeout / 2)) : response.text();
}

/** Whether the built-in offline model answered. */
export function isOffline(response: Response): boolean {
  return response.headers.has('x-baton-offline-model');
}
