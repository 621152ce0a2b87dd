import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { OutgoingEvent } from '../agents/event.js';
import { BatonError, FAILURES, type FailureCode } from '../agents/failures.js';
import type { Emitted, EmitOptions } from './emit-event.js';

/** What the handler needs of a client; `connect` gives one. */
export interface EventSink {
  emit(event: OutgoingEvent, options?: EmitOptions): Promise<Emitted>;
}

export interface EventHandlerOptions extends EmitOptions {
  /** Path below which event names stand. Default `/events/`. */
  path?: string;
}

/** The data of an event, and what belongs to it beside the data. */
const BODY_BYTES = 300_000;

const Body = z.strictObject({
  id: OutgoingEvent.shape.id,
  data: OutgoingEvent.shape.data,
  key: OutgoingEvent.shape.key,
  to: OutgoingEvent.shape.to,
});

/**
 * A handler for a server of `node:http`: `POST /events/<name>` with `{ "id"?, "data", "key"?, "to"? }` as JSON emits an
 * event. It answers 200 with the runs that were reached, 202 where delivery goes on (after `wait`, default 10 seconds),
 * and else `{ error: { code, message, try } }`. It asks nobody who they are: put it behind what does.
 */
export function createEventHandler(
  sink: EventSink,
  { path = '/events/', wait = '10 seconds', ...options }: EventHandlerOptions = {},
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const event = await readEvent(request, path);
      const emitted = await sink.emit(event, { wait, ...options });
      send(response, emitted.delivered ? 200 : 202, emitted);
    } catch (error) {
      const { status, headers, ...body } = problemOf(error);
      send(response, status, { error: body }, headers);
    }
  };
}

async function readEvent(request: IncomingMessage, path: string): Promise<OutgoingEvent> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const name = pathname.startsWith(path) ? decode(pathname.slice(path.length)) : '';
  if (name === '' || name.includes('/')) {
    throw new Problem(404, 'NotFound', `there is nothing at ${pathname}`, `POST ${path}<name of the event>`);
  }
  if (request.method !== 'POST') {
    throw new Problem(405, 'MethodNotAllowed', `${request.method} is not answered here`, 'POST', {
      allow: 'POST',
    });
  }
  // A web page of another origin may send any other type without being asked whether it may.
  if (!/^application\/(json|[a-z0-9.+-]+\+json)\b/i.test(request.headers['content-type'] ?? '')) {
    throw new Problem(415, 'NotJson', 'the body is not sent as JSON', 'content-type: application/json');
  }
  const body = Body.safeParse(parse(await textOf(request)));
  if (!body.success) {
    throw new Problem(400, 'EventInvalid', z.prettifyError(body.error), '{ "id": "...", "data": ... }');
  }
  return { name, ...body.data };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > BODY_BYTES) {
    const advice = 'leave large data in a store, and its id in the event';
    throw new Problem(413, 'TooLarge', `the body has ${bytes} bytes, more than ${BODY_BYTES}`, advice);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(400, 'NotJson', reason, '{ "id": "...", "data": ... }');
  }
}

/** What is answered where there is no event. */
class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly advice: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

const STATUS: Partial<Record<FailureCode, number>> = {
  EventInvalid: 422,
  RunNotFound: 404,
  ServerUnreachable: 503,
};

function problemOf(error: unknown) {
  if (error instanceof Problem) {
    const { status, code, message, advice, headers } = error;
    return { status, code, message, try: advice, headers };
  }
  if (error instanceof BatonError) {
    const { code, message } = error;
    return { status: STATUS[code] ?? 500, code, message, try: FAILURES[code].try, headers: {} };
  }
  // What went wrong behind is not for whoever asks.
  return {
    status: 503,
    code: 'ServerUnreachable',
    message: 'the event could not be handed to Temporal',
    try: 'send it again with the same id',
    headers: {},
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}
