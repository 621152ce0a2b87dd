import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** What is asked of the server. */
const EffectRequest = z.object({
  action: z.string(),
  /** What the effect is on: names of a case and its parts. */
  what: z.string(),
  /** Whether an effect whose key is known is not done again. */
  enforce: z.boolean().optional(),
  /** Whether it is answered only when the test releases it. The effect happens before. */
  hold: z.boolean().optional(),
  /** How many times the connection is cut in place of an answer, the effect being done. */
  cut: z.number().optional(),
  /** How many times it is refused, without any effect. */
  refuse: z.number().optional(),
  /** After how many times it is refused from then on. */
  refuseFrom: z.number().optional(),
  /** Key of an effect that is not to happen any more, should it come late. */
  voids: z.string().optional(),
});

export interface DoneEffect {
  action: string;
  what: string;
  key: string;
}

/** A server with effects, in a log to which it only appends. It enforces keys where a request says so. */
export class EffectServer {
  /** Effects that happened, in order. */
  readonly log: DoneEffect[] = [];
  /** All requests, also those that had no effect. */
  readonly requests: DoneEffect[] = [];
  private readonly answers = new Map<string, object>();
  private readonly voided = new Set<string>();
  private readonly released = new Set<string>();
  private readonly held: { what: string; go: () => void }[] = [];

  constructor(
    readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  /** Effects on something, as `action` lines. */
  effects(what: string): string[] {
    return this.log.filter((effect) => effect.what.startsWith(what)).map(({ action }) => action);
  }

  /** The same with what they were on. */
  story(what: string): string[] {
    return this.log.filter((effect) => effect.what.startsWith(what)).map((e) => `${e.action} ${e.what}`);
  }

  keys(what: string): Set<string> {
    return new Set(this.requests.filter((request) => request.what.startsWith(what)).map(({ key }) => key));
  }

  asked(what: string): number {
    return this.requests.filter((request) => request.what.startsWith(what)).length;
  }

  /** Answers all that is held, and will be. */
  release(what: string): void {
    this.released.add(what);
    for (const held of this.held) if (held.what === what) held.go();
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    if (pathname === '/gate') {
      this.requests.push({ action: 'gate', what: `gate ${searchParams.get('what')}`, key: '' });
      await this.hold(searchParams.get('what') ?? '');
      return send(response, 200, {});
    }
    const {
      action,
      what,
      enforce,
      hold,
      cut = 0,
      refuse = 0,
      refuseFrom = Infinity,
      voids,
    } = EffectRequest.parse(JSON.parse(text));
    const key = String(request.headers['idempotency-key']);
    const before = this.requests.filter((e) => e.action === action && e.what === what).length;
    this.requests.push({ action, what, key });
    if (voids !== undefined) this.voided.add(voids);
    if (before < refuse || before >= refuseFrom) return send(response, 400, { error: `no ${what} now` });
    if (this.voided.has(key)) return send(response, 409, { error: 'the key is void' });
    const known = enforce ? this.answers.get(key) : undefined;
    const answer = known ?? { receipt: this.log.length + 1, what };
    if (!known) {
      this.log.push({ action, what, key });
      this.answers.set(key, answer);
    }
    if (before < cut) return void request.socket.destroy();
    if (hold) await this.hold(what);
    send(response, 200, answer);
  }

  private async hold(what: string): Promise<void> {
    if (!this.released.has(what)) await new Promise<void>((go) => this.held.push({ what, go }));
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export async function startEffectServer(): Promise<EffectServer> {
  const http = createServer((request, response) => {
    effects.serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const effects = new EffectServer(`http://127.0.0.1:${port}`, async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return effects;
}
