/**
 * A model without latency, in a process of its own: calls the tool `page` at every turn but the last. It does not parse the
 * conversation, which would cost more the longer it is: the job is read from its start, the turn by counting.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from '../benchmark.js';
import { ANSWER_BYTES } from './job.js';

const MARK = Buffer.from('"role":"assistant"');

function count(body: Buffer): number {
  let found = 0;
  for (let at = body.indexOf(MARK); at >= 0; at = body.indexOf(MARK, at + MARK.length)) found++;
  return found;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const [, turns = '1', bytes = '0'] =
      /turns=(\d+) bytes=(\d+)/.exec(body.subarray(0, 2_000).toString()) ?? [];
    const turn = Number(request.headers['x-turn'] ?? count(body));
    const content = text(ANSWER_BYTES, turn + 1);
    const call = {
      id: 'call_0',
      type: 'function',
      function: { name: 'page', arguments: JSON.stringify({ turn, bytes: Number(bytes) }) },
    };
    const more = turn < Number(turns);
    const message = { role: 'assistant', content, ...(more ? { tool_calls: [call] } : {}) };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        choices: [{ index: 0, message, finish_reason: more ? 'tool_calls' : 'stop' }],
        usage: { prompt_tokens: Math.ceil(body.length / 4), completion_tokens: 100, total_tokens: 0 },
      }),
    );
  });
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1\n`),
);
process.on('disconnect', () => process.exit(0));
