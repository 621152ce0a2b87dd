/**
 * A model without latency, in a process of its own: it answers what stands in the instructions. `CALL:name {...}` is a tool call,
 * made once in a conversation.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Request {
  messages: { role: string; content: unknown }[];
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as Request;
    const [, answer = ''] = /ANSWER:([^]*)/.exec(String(messages[0]?.content)) ?? [];
    const [, name, args] = /^CALL:(\w+) (.*)/.exec(answer) ?? [];
    const called = messages.some(({ role }) => role === 'tool');
    const call = { id: 'call_0', type: 'function', function: { name, arguments: args } };
    const calls = name !== undefined && !called;
    const message = {
      role: 'assistant',
      content: calls ? null : answer,
      ...(calls ? { tool_calls: [call] } : {}),
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        choices: [{ index: 0, message, finish_reason: calls ? 'tool_calls' : 'stop' }],
        usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
      }),
    );
  });
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1\n`),
);
process.on('disconnect', () => process.exit(0));
