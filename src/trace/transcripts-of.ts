import type { Message } from '../agents/message.js';
import type { HistoryEvent } from './history-event.js';
import { carriedMessages } from './moved-call.js';
import { operationsOf } from './operation.js';
import { resultOf } from './plain-span.js';
import { readCall, type RecordedTool, type RecordedTurn } from './recorded-call.js';

/**
 * Every transcript of a run, by its number, put together from the history alone: messages that workflow code made stand
 * in the input of the turn that first carried them, all others in the result of the activity that made them, and are
 * named by digest.
 */
export function transcriptsOf(events: readonly HistoryEvent[]): Map<number, Message[]> {
  const operations = operationsOf(events);
  const calls = operations.flatMap((operation) => readCall(operation) ?? []);
  const turns = calls.filter((call) => call.kind === 'turn');
  const tools = calls.filter((call) => call.kind === 'tool');
  const given = events.flatMap((event) => (event.kind === 'runStarted' ? event.input : []));
  const ends = operations.flatMap(({ operation, output }) =>
    operation === 'child' ? [resultOf(output)] : [],
  );
  const recorded = new Map([...carriedMessages([...given, ...ends]), ...messagesByDigest(turns, tools)]);
  const transcripts = new Map<number, Message[]>();
  for (const turn of turns) {
    const { transcript, base, appended } = turn.input;
    const messages = transcripts.get(transcript) ?? forked(turn, turns, transcripts);
    transcripts.set(transcript, messages);
    const from = base?.length ?? 0;
    appended.forEach((entry, i) => {
      const message = typeof entry === 'string' ? recorded.get(entry) : entry.message;
      if (message) messages[from + i] = message;
    });
    addAnswer(messages, from + appended.length, turn, tools);
  }
  return transcripts;
}

/** A transcript that begins in the middle has the start of the one whose digest it names. */
function forked(
  { input: { base } }: RecordedTurn,
  turns: readonly RecordedTurn[],
  transcripts: ReadonlyMap<number, Message[]>,
): Message[] {
  if (!base) return [];
  const origin = turns.find(
    ({ result }) =>
      result?.head === base.head ||
      (result?.kind === 'compact' && result.split?.head === base.head) ||
      // What is summed up may end in the middle of what a turn has seen.
      (result?.kind === 'compact' && result.summarise?.parts.some(({ head }) => head === base.head)),
  );
  return (transcripts.get(origin?.input.transcript ?? 0) ?? []).slice(0, base.length);
}

function messagesByDigest(
  turns: readonly RecordedTurn[],
  tools: readonly RecordedTool[],
): Map<string, Message> {
  const messages = new Map<string, Message>();
  for (const { result } of tools) if (result) messages.set(result.digest, result.message);
  for (const { result } of turns) {
    if (result?.kind !== 'answer') continue;
    messages.set(result.digest, result.message);
    if (result.step.kind === 'repair') messages.set(result.step.digest, result.step.message);
  }
  return messages;
}

/** The turn's answer, and what follows from it without another turn having named it yet. */
function addAnswer(
  messages: Message[],
  place: number,
  { input, result }: RecordedTurn,
  tools: readonly RecordedTool[],
): void {
  if (result?.kind !== 'answer') return;
  messages[place] = result.message;
  if (result.step.kind === 'repair') messages[place + 1] = result.step.message;
  if (!('calls' in result.step)) return;
  const results = tools
    .filter(({ context }) => context.transcript === input.transcript && context.message === place)
    .sort((a, b) => a.context.call - b.context.call)
    .map((tool) => tool.result?.message);
  // The run appends the results together, when all are there.
  if (results.length !== result.message.calls?.length || results.includes(undefined)) return;
  results.forEach((message, i) => {
    if (message) messages[place + 1 + i] = message;
  });
}
