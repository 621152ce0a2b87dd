import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askChatCompletions } from '../../../src/activities/models/chat-completions.js';
import { classify } from '../../../src/activities/models/classify.js';
import { modelRequest } from './model-request.js';

/** What a server does after the headers of a stream. */
type Serve = (response: ServerResponse) => void | Promise<void>;

interface Served {
  /** What was made of it: an answer, or what its failure means. */
  answer: object;
  /** The request that came in. */
  body: object;
  /** Connections that the client opened. */
  connections: number;
}

/** What the client makes of streams from a server, asked one after the other. */
export async function served(serve: Serve, { timeout = 10_000, times = 1 } = {}): Promise<Served> {
  let text = '';
  let connections = 0;
  const server = createServer((incoming, response) => {
    text = '';
    incoming.setEncoding('utf8').on('data', (part: string) => (text += part));
    incoming.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      void serve(response);
    });
  }).on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request = modelRequest(url, [{ role: 'user', content: 'Hello' }], {
    model: { stream: true },
    timeout,
  });
  let answer: object = {};
  for (let i = 0; i < times; i++) answer = await askChatCompletions(request).catch(classify);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { answer, body: JSON.parse(text) as object, connections };
}

export const onWire = (chunk: unknown) => `data: ${JSON.stringify(chunk)}\n\n`;
export const DONE = 'data: [DONE]\n\n';
/** What the client makes of a stream of these pieces. */
export const answerTo = async (...pieces: string[]) =>
  (await served((response) => void response.end(pieces.join('')))).answer;

export const chunk = (delta: unknown, finish: string | null = null) =>
  onWire({ choices: [{ index: 0, delta, finish_reason: finish }] });
