import OpenAI from 'openai';
import { text } from '../benchmark.js';
import type { ChatMessage } from './job.js';

const client = new OpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_BASE_URL ?? null, maxRetries: 0 });

/** One model call, as one writes it by hand. The floor sends no conversation, and says by a header which turn it is. */
export async function callModel(input: { job: string; turn: number; messages?: ChatMessage[] }) {
  const messages = input.messages ?? [{ role: 'user' as const, content: input.job }];
  const completion = await client.chat.completions.create(
    {
      model: 'bench',
      messages: [
        { role: 'system', content: 'Read the pages, one at a time.' },
        // What the tool said goes as text of the user: the contents count here, not their roles.
        ...messages.map(({ role, content }) => ({
          role: role === 'tool' ? ('user' as const) : role,
          content,
        })),
      ],
    },
    { headers: { 'x-turn': String(input.turn) } },
  );
  const message = completion.choices[0]?.message;
  return { text: message?.content ?? '', calls: message?.tool_calls ?? [] };
}

/** The tool. Its name differs from the agent's, whose activity type it would be. */
export async function barePage({ turn, bytes }: { turn: number; bytes: number }): Promise<string> {
  return text(bytes, turn + 1000);
}
