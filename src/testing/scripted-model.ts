import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Models } from '../agents/models.js';
import { inputMessages } from './input-messages.js';
import type { Reply } from './reply.js';
import { sendBody, sendReply } from './send-reply.js';

/**
 * The body of a chat completions request, as far as scripts look at it. One of the Responses API has its `input` too; its
 * `messages` are what they would be in chat completions, so that one script serves both.
 */
export interface ChatRequest {
  model: string;
  messages: { role: string; content?: unknown; tool_call_id?: string; tool_calls?: unknown[] }[];
  tools?: unknown[];
  response_format?: unknown;
  [key: string]: unknown;
}

export interface ScriptEntry {
  /**
   * Which request the entry answers: one whose messages as JSON hold the text or fit the expression, or for which
   * the function says so. Default: any.
   */
  when?: string | RegExp | ((request: ChatRequest) => boolean);
  /** How many requests it answers. Default 1; `Infinity` for any number, none included. */
  times?: number;
  /** Milliseconds before the answer. */
  delay?: number;
  reply: Reply | ((request: ChatRequest) => Reply);
}

/** A request as it came in. */
export interface Arrival {
  request: ChatRequest;
  /** Milliseconds since the epoch. */
  at: number;
  /** Whether the client gave it up before its answer. */
  abandoned: boolean;
}

/** An OpenAI-compatible server on a port of this machine that answers by a script, and nothing else. */
export class ScriptedModel {
  /** Every request, in order of arrival. */
  readonly requests: ChatRequest[] = [];
  /** The same with their times. */
  readonly arrivals: Arrival[] = [];
  /** Requests that no entry answered. */
  readonly unscripted: ChatRequest[] = [];
  /** Requests that the client gave up before their answer. */
  aborted = 0;
  private readonly left: { entry: ScriptEntry; times: number }[] = [];

  constructor(
    private readonly server: Server,
    /** Base URL, ending in `/v1`. */
    readonly url: string,
  ) {}

  /** Adds entries. A request takes the first one that it fits and that is not used up. */
  script(...entries: ScriptEntry[]): this {
    this.left.push(...entries.map((entry) => ({ entry, times: entry.times ?? 1 })));
    return this;
  }

  /** Models for `runWorker({ models })` that are answered here, at 1 and 2 USD per million tokens. */
  models(...aliases: string[]): Models {
    const model = (alias: string) => ({ model: alias, baseUrl: this.url, price: { input: 1, output: 2 } });
    return Object.fromEntries(aliases.map((alias) => [alias, model(alias)]));
  }

  /** Stops the server. @throws where a request was not scripted, or an entry was not used */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    const [request] = this.unscripted;
    if (request) throw new Error(`the model was asked something unscripted: ${describe(request)}`);
    const unused = this.left.filter(({ times }) => times > 0 && times !== Infinity);
    if (unused.length > 0) {
      throw new Error(
        `the model was never asked for: ${unused.map(({ entry }) => String(entry.when ?? 'anything')).join('; ')}`,
      );
    }
  }

  /** @internal */
  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = requestOf(await textOf(incoming));
    this.requests.push(request);
    const arrival = { request, at: Date.now(), abandoned: false };
    this.arrivals.push(arrival);
    let ended = false;
    response.on('close', () => {
      if (ended || response.writableFinished) return;
      this.aborted++;
      arrival.abandoned = true;
    });
    const slot = this.left.find(({ entry, times }) => times > 0 && fits(entry, request));
    if (!slot) {
      this.unscripted.push(request);
      sendBody(response, 400, { error: { message: `unscripted request: ${describe(request)}` } });
      return;
    }
    slot.times--;
    const { reply, delay = 0 } = slot.entry;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    await sendReply(response, request, typeof reply === 'function' ? reply(request) : reply, () => {
      ended = true;
      response.socket?.resetAndDestroy();
    });
  }
}

/** Starts a scripted model server on a free port. */
export async function startScriptedModel(...entries: ScriptEntry[]): Promise<ScriptedModel> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const model = new ScriptedModel(server, `http://127.0.0.1:${port}/v1`);
  server.on(
    'request',
    (request: IncomingMessage, response: ServerResponse) => void model.handle(request, response),
  );
  return model.script(...entries);
}

function requestOf(text: string): ChatRequest {
  const body = JSON.parse(text) as ChatRequest;
  return 'input' in body ? { ...body, messages: inputMessages(body.instructions, body.input) } : body;
}

function fits({ when }: ScriptEntry, request: ChatRequest): boolean {
  if (when === undefined) return true;
  if (typeof when === 'function') return when(request);
  const text = request.messages
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content ?? null)))
    .join('\n');
  return typeof when === 'string' ? text.includes(when) : when.test(text);
}

function describe({ messages }: ChatRequest): string {
  return JSON.stringify(messages.at(-1)).slice(0, 300);
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  return text;
}
