import type { Message } from '../agents/message.js';
import { withoutOpaque } from '../agents/without-opaque.js';
import type { TranscriptHandle } from './run-agent.js';
import { runState } from './run-state.js';

/**
 * The messages of a conversation of this run up to the place that the handle names, the earliest first: what an agent was told,
 * what it said, and what its tools gave it. So an orchestration can hold what an agent says against what it was given.
 * @throws `TranscriptBusy` where this run has no such conversation; `TranscriptGone` where a run that it continues as new had it
 */
export function messagesOf({ id, length }: TranscriptHandle): readonly Message[] {
  const transcript = runState().transcripts.need(id);
  return transcript
    .from(0)
    .slice(0, Math.max(0, length - transcript.skipped))
    .map((message) => withoutOpaque(message));
}
