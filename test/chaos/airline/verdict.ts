import { isDeepStrictEqual } from 'node:util';
import type { Played, PlayedConversation } from './play.js';

/** What is not as it must be, by conversation. */
export type Violations = ReadonlyMap<string, readonly string[]>;

/** @param isDeadly whether each conversation must have met the death of a worker */
export function violationsOf(played: Played, isDeadly: boolean): Violations {
  const violations = new Map<string, string[]>();
  const add = (conversation: string, what: string) =>
    void violations.set(conversation, [...(violations.get(conversation) ?? []), what]);
  for (const refused of played.refused) {
    const at = refused.indexOf(': ');
    add(refused.slice(0, at), refused.slice(at + 2));
  }
  for (const lost of played.lostWorkers) add('workers', lost);
  for (const one of played.conversations) {
    const { name } = one.conversation;
    for (const what of [...wrongEnd(one), ...wrongCalls(one, played), ...unasked(one, played)])
      add(name, what);
    if (isDeadly && killsOf(name, played) === 0) add(name, 'no worker was killed in it');
  }
  return violations;
}

/** How many workers were killed that held a request of the conversation for it. */
export function killsOf(name: string, { kills }: Played): number {
  return kills.filter(({ held }) => held.some(({ conversation }) => conversation === name)).length;
}

function wrongEnd({ conversation, answers, failure }: PlayedConversation): string[] {
  if (failure !== undefined) return [failure];
  return isDeepStrictEqual(answers, conversation.answers) ? [] : ['the answers are not the recorded ones'];
}

/** The log must have each call once, in order. */
function wrongCalls({ conversation: { name, calls } }: PlayedConversation, { executions }: Played): string[] {
  const mine = executions.filter(({ conversation }) => conversation === name);
  const done = mine.map(({ index, tool, args }) => ({ index, tool, args }));
  const should = calls.map(({ tool, args }, index) => ({ index, tool, args }));
  if (isDeepStrictEqual(done, should)) return [];
  return [`executed were the calls ${mine.map(({ index }) => index).join(', ')} of 0 to ${calls.length - 1}`];
}

/** The model must have been asked for each of its messages, and at the end been shown the whole recording. */
function unasked({ conversation: { name, messages } }: PlayedConversation, { requests }: Played): string[] {
  const seen = new Set(requests.flatMap((one) => (one.conversation === name ? [one.length] : [])));
  const should = [...messages.keys(), messages.length].filter(
    (length) => length === messages.length || messages[length]?.role === 'assistant',
  );
  const missing = should.filter((length) => !seen.has(length));
  return missing.length === 0 ? [] : [`the model was never shown the first ${missing.join(', ')} messages`];
}
