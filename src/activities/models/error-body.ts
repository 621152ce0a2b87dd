import { isObject } from './json-schema.js';

/**
 * `fetch` for the openai package, which looks for a failure's reason under `error` only, and drops what it does not
 * find there. Others put it elsewhere: Mistral and older vLLM at the top, FastAPI under `detail`, Gemini in a list.
 */
export async function fetchWithReasons(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.status < 400) return response;
  const { status, statusText, headers } = response;
  return new Response(withReason(await response.text()), { status, statusText, headers });
}

/** The body of a failed request with its reason under `error.message`, where it is JSON. */
export function withReason(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text;
  }
  const value: unknown = Array.isArray(body) ? body[0] : body;
  if (!isObject(value)) return text;
  if (isObject(value.error)) return JSON.stringify(value);
  const message = value.error ?? value.message ?? value.detail ?? value;
  return JSON.stringify({ error: { type: value.error_type, ...value, message } });
}
