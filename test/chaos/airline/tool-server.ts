import { appendFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { sendJson, serveJson, type HttpServer } from './http.js';
import type { Kills, OpenRequest } from './kills.js';
import type { Arrival } from './names.js';
import type { Conversation } from './recordings.js';

export const ToolRequest = z.strictObject({
  conversation: z.string(),
  tool: z.string(),
  args: z.unknown(),
  key: z.string(),
  pid: z.number(),
});
export type ToolRequest = z.infer<typeof ToolRequest>;

/** A line of the log. */
export const Execution = z.object({
  conversation: z.string(),
  /** Place among the calls of its conversation. */
  index: z.number(),
  tool: z.string(),
  args: z.unknown(),
  key: z.string(),
  pid: z.number(),
});
export type Execution = z.infer<typeof Execution>;

export interface ToolArrival extends Arrival {
  key: string;
}

export interface ToolServer extends HttpServer {
  /** Requests, executed or not. */
  readonly arrivals: readonly ToolArrival[];
  /** Calls that are not the next one of their recording. */
  readonly refused: readonly string[];
}

/** By what a call is known again: the key that the tool was given, or the recorded id of the call, which is wrong. */
export type Pairing = 'key' | 'recorded id';

export interface ToolServerSettings {
  conversations: ReadonlyMap<string, Conversation>;
  kills: Kills;
  /** A call that is executed is appended here, before it is answered. */
  logFile: string;
  pairing: Pairing;
}

/** A server with the effects of the recorded tools: it executes a call once per key, and answers again what it answered then. */
export async function startToolServer(settings: ToolServerSettings): Promise<ToolServer> {
  const { conversations, kills, logFile, pairing } = settings;
  const arrivals: ToolArrival[] = [];
  const refused: string[] = [];
  /** Of each conversation: the place of the call that was executed under a key. */
  const executed = new Map([...conversations.keys()].map((name) => [name, new Map<string, number>()]));
  const asked = new Map<string, number>();

  const server = await serveJson(async (body, _, response) => {
    const { conversation: name, tool, args, key, pid } = ToolRequest.parse(body);
    const calls = conversations.get(name)?.calls ?? [];
    const known = executed.get(name) ?? new Map<string, number>();
    const request: OpenRequest = { pid, conversation: name };
    arrivals.push({ conversation: name, key, pid, at: Date.now() });
    kills.arrived(request, response);

    // The control does not look at the key: it takes each request for the next call of the recording.
    const arrived = asked.get(name) ?? 0;
    asked.set(name, arrived + 1);
    const knownAs = pairing === 'key' ? key : (calls[arrived]?.id ?? key);
    const placeOf = () => known.get(knownAs) ?? (pairing === 'key' ? known.size : arrived);
    if (await kills.held(request, response, { at: 'tool', when: 'before', place: placeOf() })) return;

    const index = placeOf();
    if (!known.has(knownAs)) {
      const call = calls[index];
      if (call?.tool !== tool || !isDeepStrictEqual(call.args, args)) {
        const should = call ? `${call.tool} ${JSON.stringify(call.args)}` : 'no call';
        refused.push(`${name}: call ${index} is ${tool} ${JSON.stringify(args)}, recorded ${should}`);
        return sendJson(response, 409, { error: 'not the next call' });
      }
      known.set(knownAs, index);
      const execution: Execution = { conversation: name, index, tool, args, key, pid };
      appendFileSync(logFile, `${JSON.stringify(execution)}\n`);
    }
    if (await kills.held(request, response, { at: 'tool', when: 'after', place: index })) return;
    sendJson(response, 200, { output: calls[index]?.output });
  });
  return { ...server, arrivals, refused };
}
