import type { TurnCompact } from '../agents/turn.js';
import type { InnerSpans } from './inner-spans.js';
import { attempted } from './operation.js';
import type { RecordedTurn } from './recorded-call.js';
import type { Span, SpanOf } from './trace.js';

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
  const { view, summarise, tokens, model, rejected, split } = result;
  const summaries = summarise ? summariesOf(summarise.agent, summarise.parts.length, inner) : [];
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
    ...(split ? { split: true as const } : {}),
    children: summaries,
  };
}

/** One for each part, and two more for each that was split. */
function summariesOf(agent: string, parts: number, inner: InnerSpans): Span[] {
  const spans: Span[] = [];
  for (let left = parts; left > 0; left--) {
    const span = inner.came(agent);
    if (!span) break;
    spans.push(span);
    if (isSplit(span)) left += 2;
  }
  return spans;
}

function isSplit({ children }: Span): boolean {
  return children.some((child) => child.kind === 'compaction' && child.split === true);
}
