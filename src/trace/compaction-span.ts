import type { TurnCompact } from '../agents/turn.js';
import type { InnerSpans } from './inner-spans.js';
import { attempted } from './operation.js';
import type { RecordedTurn } from './recorded-call.js';
import type { SpanOf } from './trace.js';

/** A turn's activity that found the conversation too long. */
export type RecordedCompaction = RecordedTurn & { result: TurnCompact };

export function isCompaction(recorded: RecordedTurn): recorded is RecordedCompaction {
  return recorded.result?.kind === 'compact';
}

/**
 * What was left out of a conversation that was too long. The agents that summed it up hang below it; it ends as the last of them
 * does.
 */
export function compactionSpan(
  id: string,
  { operation, input, result }: RecordedCompaction,
  inner: InnerSpans,
): SpanOf<'compaction'> {
  const { view, summarise, tokens, model, rejected } = result;
  const summaries = (summarise?.parts ?? []).flatMap(() => inner.came(summarise?.agent ?? '') ?? []);
  const last = summaries.at(-1);
  const { end, ...rest } = attempted(operation);
  return {
    kind: 'compaction',
    id,
    name: 'compact',
    turn: input.turn,
    ...rest,
    ...(last ? { status: last.status === 'failed' ? 'completed' : last.status, end: last.end } : { end }),
    model,
    tokens,
    rejected,
    before: input.view,
    view,
    summariser: summarise?.agent,
    children: summaries,
  };
}
