import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  url: string;
  stop(): Promise<void>;
}

/** A server on a free port that takes JSON. What the handler throws is a bug: the connection is cut, and the error shown. */
export async function serveJson(
  handle: (body: unknown, incoming: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<HttpServer> {
  const server = createServer((incoming, response) => {
    const answer = async () => {
      let text = '';
      for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
      await handle(JSON.parse(text), incoming, response);
    };
    answer().catch((error: unknown) => {
      // A request that a dying worker did not finish is none.
      if (!incoming.destroyed || incoming.complete) console.error(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
