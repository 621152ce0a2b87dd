import OpenAI from 'openai';
import { text } from '../benchmark.js';
import { ANSWER_BYTES, type ChatMessage } from './job.js';

const client = new OpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_BASE_URL ?? null, maxRetries: 0 });

interface ModelCall {
  job: string;
  turn: number;
  messages?: ChatMessage[];
  /** Bytes of tool results, where the request is to be as long as the conversation would be. */
  resultBytes?: number;
}

const results: ChatMessage[] = [];

function conversation({ job, turn, resultBytes }: ModelCall): ChatMessage[] {
  const start: ChatMessage = { role: 'user', content: job };
  if (resultBytes === undefined) return [start];
  while (results.length < turn) {
    results.push({ role: 'tool', content: text(resultBytes + ANSWER_BYTES, results.length) });
  }
  return [start, ...results.slice(0, turn)];
}

/** One model call, as one writes it by hand. The floor's input holds no conversation; a header says which turn it is. */
export async function callModel(input: ModelCall) {
  const messages = input.messages ?? conversation(input);
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
