import { isCancellation } from '@temporalio/workflow';
import type { Message } from '../agents/message.js';
import type { TranscriptPoint, TurnCompact } from '../agents/turn.js';
import type { AgentCall } from './agent-call.js';
import { failure, failureOf, type FailureInfo } from './fail.js';
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
  if (view.cut !== undefined && call.transcript.view?.cut === undefined)
    call.note({
      kind: 'fallback',
      instead: 'a message is summed up in part',
      code: 'ContextOverflow',
      message: `it is longer than the summariser takes: ${view.cut} characters of it are shown`,
    });
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
    const left = [...parts];
    for (let part = left.shift(); part; part = left.shift()) {
      const { to, head } = part;
      const fork = runState().transcripts.open();
      // A summary may stand behind the end of the part: it goes along as the last message.
      const shown = view && summary ? { ...view, summary: to } : view;
      fork.fork(transcript, { length: to, known: { length: to, head }, view: shown });
      if (summary) fork.append(summary);
      const result = await runInner(
        agent,
        ask,
        { transcript: { id: fork.id, length: fork.length }, ...(models ? { model: models } : {}) },
        {
          within: call,
          ledger: call.ledger,
          span: openSpan(agent, call.span),
          depth: call.depth,
          whole: true,
        },
      ).catch(splitOf);
      if ('split' in result) {
        left.unshift({ to: result.split.length, head: result.split.head }, part);
        continue;
      }
      const { output } = result;
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

/** Ends a summariser's call where what it is to sum up is too long for it, and can be split. */
export function splitFailure({ name }: AgentCall, { tokens, split }: TurnCompact) {
  const message = `${name}: the request has about ${tokens.before} tokens, ${tokens.limit} are allowed: it is split`;
  return failure('ContextOverflow', message, { split });
}

/** @throws what is another failure */
function splitOf(error: unknown): { split: TranscriptPoint } {
  const split = splitIn(failureOf(error));
  if (!split) throw error;
  return { split };
}

function splitIn(info: FailureInfo | undefined): TranscriptPoint | undefined {
  if (info?.code !== 'ContextOverflow') return undefined;
  return (info.details as { split?: TranscriptPoint } | undefined)?.split;
}

function messageAt(transcript: Transcript, place: number | undefined): Message | undefined {
  return place === undefined ? undefined : transcript.from(place)[0];
}

function summaryMessage(text: string, length: number): Message {
  const short = text.length > length ? `${text.slice(0, length)}…` : text;
  return { role: 'user', content: `[Summary of earlier messages]\n${short}`, summary: true };
}
