import { setTimeout as pause } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { chunksOf, completionOf } from './completion.js';
import { eventsOf, responseOf } from './response.js';
import type { Answer, Reply } from './reply.js';
import type { ChatRequest } from './scripted-model.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM_TYPE = { 'content-type': 'text/event-stream' };
const END_MARK = 'data: [DONE]\n\n';
/** So long does the client get to read what came before a reset. */
const BEFORE_RESET_MS = 100;

/**
 * Does what the reply says.
 * @param reset resets the connection
 */
export async function sendReply(
  response: ServerResponse,
  request: ChatRequest,
  reply: Reply,
  reset: () => void,
): Promise<void> {
  const streamed = request.stream === true;
  if (typeof reply === 'object') {
    if ('hang' in reply) {
      if (reply.hang === true) return;
      response.writeHead(200, streamed ? STREAM_TYPE : JSON_TYPE).flushHeaders();
      if (reply.hang === 'body') response.write(streamed ? ': wait\n\n' : '{');
      return;
    }
    if ('reset' in reply) return reset();
    if ('status' in reply) {
      const { status, headers, body = { error: { message: `scripted ${status}` } } } = reply;
      return sendBody(response, status, body, headers);
    }
    if ('stream' in reply) return sendPieces(response, reply.stream, reply.every);
    if ('cut' in reply) return sendCut(response, request, reply, reset);
  }
  if (!streamed) return sendBody(response, 200, wholeOf(request, reply));
  const { said, end } = piecesOf(request, reply);
  return sendPieces(response, [...said, ...end]);
}

/** A request of the Responses API has `input` in place of messages. */
function wholeOf(request: ChatRequest, answer: Answer): object {
  return 'input' in request ? responseOf(request, answer) : completionOf(request, answer);
}

function piecesOf(
  request: ChatRequest,
  answer: Answer,
): { said: (object | string)[]; end: (object | string)[] } {
  if ('input' in request) return eventsOf(request, answer);
  const { said, end } = chunksOf(request, answer);
  return { said, end: [...end, END_MARK] };
}

export function sendBody(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...JSON_TYPE, ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function sendPieces(response: ServerResponse, pieces: (object | string)[], every = 0): Promise<void> {
  response.writeHead(200, STREAM_TYPE);
  for (const [i, piece] of pieces.entries()) {
    if (i > 0 && every > 0) await pause(every);
    response.write(onWire(piece));
  }
  response.end();
}

async function sendCut(
  response: ServerResponse,
  request: ChatRequest,
  { cut, then }: { cut: Answer; then: 'end' | 'silence' | 'reset' | { error: unknown } },
  reset: () => void,
): Promise<void> {
  const streamed = request.stream === true;
  if (typeof then === 'object' && !streamed) return sendBody(response, 200, then);
  response.writeHead(200, streamed ? STREAM_TYPE : JSON_TYPE);
  if (streamed) {
    for (const chunk of piecesOf(request, cut).said) response.write(onWire(chunk));
  } else {
    const body = JSON.stringify(wholeOf(request, cut));
    response.write(body.slice(0, body.length / 2));
  }
  if (then === 'end') response.end();
  if (typeof then === 'object') response.end(onWire(then) + END_MARK);
  if (then !== 'reset') return;
  await pause(BEFORE_RESET_MS);
  reset();
}

function onWire(piece: object | string): string {
  return typeof piece === 'string' ? piece : `data: ${JSON.stringify(piece)}\n\n`;
}
