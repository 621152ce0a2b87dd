import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a path is answered with; a string is a 200 of it. */
export type Answer =
  | string
  | { status?: number; headers?: Record<string, string>; body?: string; gzip?: true }
  /** The connection is reset, or nothing ever comes. */
  | { reset: true }
  | { hang: true };

type Route = Answer | ((request: IncomingMessage, nth: number) => Answer);

/** Routes by path, and whatever else was asked. */
export interface LocalSources {
  url: string;
  /** Path and query of each request, in order. */
  asked: string[];
  headers: IncomingMessage['headers'][];
  stop(): Promise<void>;
}

/** A server on this machine that speaks as the SEC, feeds and the web search do. What it has no route for is a 404. */
export async function startLocalSources(
  routes: (url: string) => Record<string, Route>,
): Promise<LocalSources> {
  const asked: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const counts = new Map<string, number>();
  let known: Record<string, Route> = {};
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    asked.push(request.url ?? '');
    headers.push(request.headers);
    const nth = (counts.get(path) ?? 0) + 1;
    counts.set(path, nth);
    const route = known[path] ?? { status: 404, body: 'no such page' };
    const answer = typeof route === 'function' ? route(request, nth) : route;
    if (typeof answer === 'object' && 'hang' in answer) return;
    if (typeof answer === 'object' && 'reset' in answer) {
      response.socket?.resetAndDestroy();
      return;
    }
    const {
      status = 200,
      headers: more = {},
      body = '',
      gzip,
    } = typeof answer === 'string' ? { body: answer } : answer;
    response.writeHead(status, { ...(gzip ? { 'content-encoding': 'gzip' } : {}), ...more });
    response.end(gzip ? gzipSync(body) : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  known = routes(url);
  return {
    url,
    asked,
    headers,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
