import type { ServerResponse } from 'node:http';
import { sendJson, serveJson, type HttpServer } from './http.js';
import type { Kills, OpenRequest } from './kills.js';
import type { Arrival } from './names.js';
import { END, type Conversation, type RecordedMessage } from './recordings.js';
import { firstDifference, WireRequest } from './wire.js';

export interface ModelRequestSeen extends Arrival {
  /** Messages in it. */
  length: number;
}

export interface ReplayModel extends HttpServer {
  /** Requests that were a beginning of their recording. */
  readonly requests: readonly ModelRequestSeen[];
  /** What was wrong with the others, as `conversation: difference`. */
  readonly refused: readonly string[];
}

/**
 * A model that says what was recorded, to requests that are exactly the beginning of a recording; anything else is a 409 that names
 * the first difference. The name of the model is that of the conversation.
 */
export async function startReplayModel(
  conversations: ReadonlyMap<string, Conversation>,
  kills: Kills,
): Promise<ReplayModel> {
  const requests: ModelRequestSeen[] = [];
  const refused: string[] = [];
  const server = await serveJson(async (body, { headers }, response) => {
    const refuse = (name: string, message: string) => {
      refused.push(`${name}: ${message}`);
      sendJson(response, 409, { error: { message } });
    };
    const parsed = WireRequest.safeParse(body);
    if (!parsed.success) return refuse('?', parsed.error.message);
    const { model: name, messages } = parsed.data;
    const recorded = conversations.get(name)?.messages;
    if (!recorded) return refuse(name, 'no such conversation');
    const difference = firstDifference(parsed.data, recorded);
    if (difference !== undefined) return refuse(name, difference);

    const place = messages.length;
    const request: OpenRequest = { pid: Number(headers['x-worker-pid']), conversation: name };
    requests.push({ conversation: name, pid: request.pid, at: Date.now(), length: place });
    kills.arrived(request, response);
    if (await kills.held(request, response, { at: 'model', when: 'before', place })) return;
    const text = completion(name, recorded[place]);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    const half = Math.floor(text.length / 2);
    await written(response, text.slice(0, half));
    if (await kills.held(request, response, { at: 'model', when: 'half', place })) return;
    response.end(text.slice(half));
  });
  return { ...server, requests, refused };
}

function written(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => response.write(text, () => resolve()));
}

/** With the ids of the recording, which the provider gave more than once. */
function completion(model: string, recorded: RecordedMessage | undefined): string {
  const { content, tool_calls: calls } = recorded ?? { content: END };
  return JSON.stringify({
    id: 'chatcmpl-replay',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          ...(calls ? { tool_calls: calls.map((call) => ({ ...call, type: 'function' })) } : {}),
        },
        finish_reason: calls ? 'tool_calls' : 'stop',
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  });
}
