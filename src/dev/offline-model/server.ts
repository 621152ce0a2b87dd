import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LLMock, type ChatCompletionRequest, type FixtureResponse } from '@copilotkit/aimock';
import { DevError } from '../dev-error.js';
import { LOOPBACK } from '../free-port.js';
import { reply, type Reply } from './responder.js';
import { estimateTokens, usageOf } from './usage.js';

/** How every response of the offline model names itself, in `system_fingerprint`. */
export const OFFLINE_MODEL_FINGERPRINT = 'offline-model';
/** The header, with the value 1, on every response of the offline model. */
export const OFFLINE_MODEL_HEADER = 'x-baton-offline-model';

export interface OfflineModelOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** How long every answer takes, in ms. */
  latencyMs?: number;
}

export interface OfflineModel {
  /** The base URL for OpenAI-compatible clients; it ends in `/v1`. */
  url: string;
  /** How many completions were asked for. */
  requests(): number;
  stop(): Promise<void>;
}

/**
 * Starts a server that speaks OpenAI's chat completions (streamed or not) on the loopback interface, and answers
 * from the request alone, by rules: it knows nothing and costs nothing. For trying things out without a key; its
 * answers are no measure of what a model would do. Throws `OfflineModelFailed` if it can't listen.
 */
export async function startOfflineModel({
  port = 0,
  latencyMs = 0,
}: OfflineModelOptions = {}): Promise<OfflineModel> {
  let requests = 0;
  // The journal keeps whole requests; nothing here reads it.
  const mock = new LLMock({ host: LOOPBACK, port, journalMaxEntries: 1 });
  mock.on({ endpoint: 'chat' }, async (request) => {
    requests += 1;
    if (latencyMs > 0) await sleep(latencyMs);
    return respond(request);
  });
  mock.mount('/v1', {
    handleRequest(_request, response) {
      response.setHeader(OFFLINE_MODEL_HEADER, '1');
      return Promise.resolve(false);
    },
  });
  try {
    await mock.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DevError(
      'OfflineModelFailed',
      `The offline model can't listen on port ${port}: ${reason}`,
      'Choose another port, or 0 for a free one.',
      { cause: error },
    );
  }
  return { url: `${mock.url}/v1`, requests: () => requests, stop: () => mock.stop() };
}

function respond(request: ChatCompletionRequest): FixtureResponse {
  const said = reply(request);
  const envelope = { usage: usageOf(request, said), systemFingerprint: OFFLINE_MODEL_FINGERPRINT };
  if (said.kind === 'calls') return { ...envelope, toolCalls: toolCalls(request, said) };
  const limit = outputLimit(request);
  if (estimateTokens(said.text) <= limit) return { ...envelope, content: said.text };
  const cut: Reply = { kind: 'text', text: said.text.slice(0, limit * 4) };
  return { ...envelope, usage: usageOf(request, cut), content: cut.text, finishReason: 'length' };
}

/** Calls with ids that are the same for the same conversation, and differ from those of its earlier turns. */
function toolCalls({ messages }: ChatCompletionRequest, { calls }: Extract<Reply, { kind: 'calls' }>) {
  return calls.map(({ name, arguments: args }, index) => {
    const digest = createHash('sha256')
      .update(JSON.stringify([messages, name, index]))
      .digest('hex');
    return { id: `call_${digest.slice(0, 24)}`, name, arguments: JSON.stringify(args) };
  });
}

function outputLimit(request: ChatCompletionRequest): number {
  const limits = [request['max_completion_tokens'], request.max_tokens];
  return (limits.find((limit) => typeof limit === 'number' && limit > 0) as number | undefined) ?? Infinity;
}
