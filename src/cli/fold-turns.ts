import type { Span } from '../trace/trace.js';

/** Turns of one agent from which on those in the middle are folded, and how many are left at either end. */
const MANY = 60;
const FIRST = 10;
const LAST = 20;

/** Turns that are told of by one line. */
export interface FoldedTurns {
  kind: 'folded';
  count: number;
}

/** What stands below a span, with the turns in the middle of a long list folded: but those in which something went wrong, or waits. */
export function foldTurns(spans: readonly Span[]): (Span | FoldedTurns)[] {
  const turns = spans.filter(({ kind }) => kind === 'turn');
  if (turns.length < MANY) return [...spans];
  const hidden = new Set(turns.slice(FIRST, -LAST).filter(isPlain));
  const shown: (Span | FoldedTurns)[] = [];
  for (const span of spans) {
    if (!hidden.has(span)) {
      shown.push(span);
      continue;
    }
    const last = shown.at(-1);
    if (last?.kind === 'folded') last.count++;
    else shown.push({ kind: 'folded', count: 1 });
  }
  return shown;
}

function isPlain({ status, kind, children }: Span): boolean {
  return status === 'completed' && kind !== 'approval' && children.every(isPlain);
}
