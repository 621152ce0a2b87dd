import type { Message } from '../agents/message.js';
import { shownOf } from '../agents/view.js';
import type { HistoryEvent } from './history-event.js';
import { operationsOf } from './operation.js';
import { readCall, type RecordedTurn } from './recorded-call.js';
import { transcriptsOf } from './transcripts-of.js';
import { turnSpans } from './turn-spans.js';

/**
 * What the model was shown of the conversation in each turn, by the id of the turn's span, such as `clerk.1#3`: word for word, from
 * the history alone. The instructions are not in it.
 */
export function shownIn(events: readonly HistoryEvent[]): Map<string, () => Message[]> {
  const transcripts = transcriptsOf(events);
  const bySpan = new Map<string, RecordedTurn[]>();
  for (const operation of operationsOf(events)) {
    const call = readCall(operation);
    if (call?.kind !== 'turn') continue;
    bySpan.set(call.input.span, [...(bySpan.get(call.input.span) ?? []), call]);
  }
  const turns = [...bySpan].flatMap(([path, calls]) => turnSpans(path, calls));
  return new Map(
    turns.map(({ span, recorded: { input } }) => {
      const length = (input.base?.length ?? 0) + input.appended.length;
      const messages = () => transcripts.get(input.transcript)?.slice(0, length) ?? [];
      return [span.id, () => shownOf(messages(), input.view).map(({ message }) => message)];
    }),
  );
}
