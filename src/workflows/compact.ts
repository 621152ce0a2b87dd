import { isCancellation } from '@temporalio/workflow';
import type { Message } from '../agents/message.js';
import type { TurnCompact } from '../agents/turn.js';
import type { AgentCall } from './agent-call.js';
import { failureOf } from './fail.js';
import type { RunInnerAgent } from './inner-agent.js';
import { runState } from './run-state.js';
import { openSpan } from './span.js';
import type { Transcript } from './transcript.js';

type Summarise = NonNullable<TurnCompact['summarise']>;

/** Characters of a word of English with its space, and some to spare. */
const CHARACTERS_OF_WORD = 7;

/**
 * Shows models less of a conversation from now on, as the turn says; what is to be summed up is summed up first. The transcript
 * stays whole. Where no summary can be had, the model is told how many messages are left out instead.
 */
export async function compact(
  call: AgentCall,
  { head, view, summarise }: TurnCompact,
  runInner: RunInnerAgent,
): Promise<void> {
  const { transcript } = call;
  transcript.seen(head);
  call.compacted++;
  // What the next turn may cost is another matter now.
  call.quote = undefined;
  const summary = summarise && (await sumUp(call, summarise, runInner));
  if (summary === undefined) {
    transcript.view = view;
    return;
  }
  transcript.view = { ...view, summary: transcript.length, summarised: summarise?.parts.at(-1)?.to ?? 0 };
  transcript.append(summary);
}

/** The summary; undefined, and noted, where the summariser fails. */
async function sumUp(
  call: AgentCall,
  { agent, models, parts, length }: Summarise,
  runInner: RunInnerAgent,
): Promise<Message | undefined> {
  const { transcript } = call;
  const words = Math.floor(length / CHARACTERS_OF_WORD);
  const ask = `Sum up the conversation above for ${call.name}, which goes on with it and will not see it any more. Where it begins with a summary, keep what still matters of that. At most ${words} words.`;
  let { view } = transcript;
  let summary = messageAt(transcript, view?.summary);
  try {
    for (const { to, head } of parts) {
      const fork = runState().transcripts.open();
      // A summary may stand behind the end of the part: it goes along as the last message.
      const shown = view && summary ? { ...view, summary: to } : view;
      fork.fork(transcript, { length: to, known: { length: to, head }, view: shown });
      if (summary) fork.append(summary);
      const { output } = await runInner(
        agent,
        ask,
        { transcript: { id: fork.id, length: fork.length }, ...(models ? { model: models } : {}) },
        { within: call, ledger: call.ledger, span: openSpan(agent, call.span), depth: call.depth },
      );
      summary = summaryMessage(typeof output === 'string' ? output : JSON.stringify(output), length);
      view = { ...view, from: to, summarised: to };
    }
    return summary;
  } catch (error) {
    const info = failureOf(error);
    if (isCancellation(error) || !info) throw error;
    const { code, message } = info;
    call.note({ kind: 'fallback', instead: 'messages are left out without a summary', code, message });
    return undefined;
  }
}

function messageAt(transcript: Transcript, place: number | undefined): Message | undefined {
  return place === undefined ? undefined : transcript.from(place)[0];
}

function summaryMessage(text: string, length: number): Message {
  const short = text.length > length ? `${text.slice(0, length)}…` : text;
  return { role: 'user', content: `[Summary of earlier messages]\n${short}`, summary: true };
}
