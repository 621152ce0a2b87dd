import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Interaction } from './recording.js';

/** What the transport sets by itself. */
const TRANSPORT = ['content-length', 'content-encoding', 'transfer-encoding', 'connection'];

/** A server that answers with recorded responses word for word, in order. */
export interface ReplayServer {
  /** Base URL, ending in `/v1`. */
  url: string;
  /** Bodies of the requests that came in. */
  requests: unknown[];
  stop(): Promise<void>;
}

/** Starts a replay server on a free port. A request too many is answered with a 599. */
export async function startReplayServer(interactions: readonly Interaction[]): Promise<ReplayServer> {
  const requests: unknown[] = [];
  const server = createServer((incoming, response) => void reply(incoming, response));
  const reply = async (incoming: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
    const recorded = interactions[requests.push(JSON.parse(text)) - 1]?.response;
    const headers = Object.entries(recorded?.headers ?? {}).filter(([name]) => !TRANSPORT.includes(name));
    response.writeHead(recorded?.status ?? 599, Object.fromEntries(headers));
    response.end(recorded?.body);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
