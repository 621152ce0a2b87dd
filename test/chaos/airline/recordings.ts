import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const FILE = fileURLToPath(
  new URL('../../../../shared/data/airline-conversations/conversations.jsonl', import.meta.url),
);

const RecordedMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string().nullable(),
  tool_calls: z
    .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
    .optional(),
});
export type RecordedMessage = z.infer<typeof RecordedMessage>;

const Line = z.object({ task_id: z.number(), trial: z.number(), traj: z.array(RecordedMessage) });

export interface RecordedCall {
  /** The provider's id, which is not unique. */
  id: string;
  tool: string;
  args: unknown;
  output: string;
  /** Place of the assistant message that asks for it. */
  message: number;
}

export interface Conversation {
  name: string;
  messages: readonly RecordedMessage[];
  /** What the customer says, in order. */
  customer: readonly string[];
  /** What the agent answers to each; to the last, which the recording leaves unanswered, it says `END`. */
  answers: readonly string[];
  calls: readonly RecordedCall[];
}

/** What the model says where a recording ends, so that an orchestration of it ends too. */
export const END = '(the recording ends here)';

/** The tools of the recorded agent. */
export const TOOLS = [
  'book_reservation',
  'calculate',
  'cancel_reservation',
  'get_reservation_details',
  'get_user_details',
  'list_all_airports',
  'search_direct_flight',
  'search_onestop_flight',
  'send_certificate',
  'think',
  'transfer_to_human_agents',
  'update_reservation_baggages',
  'update_reservation_flights',
  'update_reservation_passengers',
] as const;

export const hasRecordings = existsSync(FILE);

export function readConversations(): Conversation[] {
  const lines = readFileSync(FILE, 'utf8').trim().split('\n');
  return lines.map((line) => conversationOf(Line.parse(JSON.parse(line))));
}

function conversationOf({ task_id: task, trial, traj: messages }: z.infer<typeof Line>): Conversation {
  const said = messages.flatMap(({ role, content, tool_calls: calls }) =>
    role === 'assistant' && !calls ? [content ?? ''] : [],
  );
  return {
    name: `task-${task}-trial-${trial}`,
    messages,
    customer: messages.flatMap(({ role, content }) => (role === 'user' ? [content ?? ''] : [])),
    answers: [...said, END],
    calls: messages.flatMap(({ tool_calls: calls = [] }, message) =>
      calls.map(({ id, function: { name, arguments: args } }, i) => ({
        id,
        tool: name,
        args: JSON.parse(args) as unknown,
        output: messages[message + 1 + i]?.content ?? '',
        message,
      })),
    ),
  };
}

/** Whether the provider gave two calls of the conversation the same id. */
export function reusesIds({ calls }: Conversation): boolean {
  return new Set(calls.map(({ id }) => id)).size < calls.length;
}
