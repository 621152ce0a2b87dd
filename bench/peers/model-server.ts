/**
 * A model without latency, in a process of its own, that speaks chat completions: asks for the tool `page` at every turn but the
 * last. It does not parse the conversation, which would cost more the longer it is: the job is read from its start, the turn from
 * the call before. `GET /runs/ID` says how many requests a run made, and the bytes of the longest.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from '../benchmark.js';
import { nextTurn } from '../next-turn.js';
import { ANSWER_BYTES } from './job.js';

/** Of a request: the job stands in it. */
const HEAD_BYTES = 4_000;
const runs = new Map<string, { requests: number; longest: number }>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.method === 'GET') {
      response.end(JSON.stringify(runs.get(request.url?.split('/').at(-1) ?? '') ?? null));
      return;
    }
    const body = Buffer.concat(chunks);
    const [, turns = '1', bytes = '0', run = ''] =
      /turns=(\d+) bytes=(\d+) run=([\w-]+)/.exec(body.subarray(0, HEAD_BYTES).toString()) ?? [];
    const known = runs.get(run) ?? { requests: 0, longest: 0 };
    runs.set(run, { requests: known.requests + 1, longest: Math.max(known.longest, body.length) });
    const turn = nextTurn(body);
    const more = turn < Number(turns);
    const call = {
      // Some frameworks take a call as answered when another one with its id was.
      id: `call_${turn}`,
      type: 'function',
      function: { name: 'page', arguments: JSON.stringify({ turn, bytes: Number(bytes), run }) },
    };
    const message = {
      role: 'assistant',
      content: text(ANSWER_BYTES, turn + 1),
      ...(more ? { tool_calls: [call] } : {}),
    };
    const prompt_tokens = Math.ceil(body.length / 4);
    response.end(
      JSON.stringify({
        id: `answer-${turn}`,
        object: 'chat.completion',
        created: 0,
        model: 'bench',
        choices: [{ index: 0, message, finish_reason: more ? 'tool_calls' : 'stop' }],
        usage: { prompt_tokens, completion_tokens: 100, total_tokens: prompt_tokens + 100 },
      }),
    );
  });
});
server.listen(0, '127.0.0.1', () =>
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
process.on('disconnect', () => process.exit(0));
