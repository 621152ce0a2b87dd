import OpenAI from 'openai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { INSTRUCTIONS, PAGE_PARAMETERS, promptOf, type Job } from './job.js';

export type Message = ChatCompletionMessageParam;

// The engine tries again, not the client.
const client = new OpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_BASE_URL ?? null, maxRetries: 0 });

export function conversationOf(job: Job): Message[] {
  return [
    { role: 'system', content: INSTRUCTIONS },
    { role: 'user', content: promptOf(job) },
  ];
}

/** One model call, as one writes it by hand where a framework has no agents of its own. */
export async function ask(messages: Message[]) {
  const completion = await client.chat.completions.create({
    model: 'bench',
    messages,
    tools: [
      {
        type: 'function',
        function: { name: 'page', description: 'Reads a page', parameters: PAGE_PARAMETERS },
      },
    ],
  });
  const { content, tool_calls } = completion.choices[0]?.message ?? {};
  const calls = (tool_calls ?? []).flatMap((call) =>
    call.type === 'function' ? [{ id: call.id, arguments: call.function.arguments }] : [],
  );
  return { content: content ?? '', calls };
}

export function spoken({ content, calls }: Awaited<ReturnType<typeof ask>>): Message {
  if (calls.length === 0) return { role: 'assistant', content };
  return {
    role: 'assistant',
    content,
    tool_calls: calls.map((call) => ({
      id: call.id,
      type: 'function' as const,
      function: { name: 'page', arguments: call.arguments },
    })),
  };
}
