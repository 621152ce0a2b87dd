import { takeUp, takeUpChildren } from './moved-spans.js';
import { isOpen, openStatus } from './span-status.js';
import { sumUp } from './span-tree.js';
import type { Span, SpanOf, Trace } from './trace.js';

/** One trace of runs that were continued as new, in their order: what they did, one after another. */
export function joinRuns([first, ...rest]: readonly [Trace, ...Trace[]]): Trace {
  const last = rest.at(-1);
  if (!last) return first;
  const children = [...first.children];
  rest.forEach((trace, i) => {
    const spans = withIds(chainPrefix(i + 1), trace.children);
    for (const span of trace.resumes ? takeUp(children, spans, trace.resumes) : spans) children.push(span);
  });
  // The last one's notes are those of all: they are carried.
  const { status, end, error, output, next, stuck, notes, moreNotes } = last;
  const runIds = [first, ...rest].flatMap((trace) => trace.runIds);
  const joined: Trace = {
    ...first,
    runIds,
    status,
    end,
    error,
    output,
    next,
    stuck,
    notes,
    moreNotes,
    children,
  };
  sumUp(joined);
  return joined;
}

/** Hangs the traces of child runs below their spans. What a child's own history says holds. */
export function hangChildren(
  trace: Trace,
  traces: ReadonlyMap<SpanOf<'child'>, Trace | { untraced: string }>,
): void {
  for (const [child, own] of traces) {
    if ('untraced' in own) {
      child.untraced = own.untraced;
      continue;
    }
    const { status, end, error, output, stuck, runIds, children } = own;
    trace.notes.push(...own.notes.map((note) => ({ workflowId: own.workflowId, ...note })));
    if (own.moreNotes !== undefined) trace.moreNotes = (trace.moreNotes ?? 0) + own.moreNotes;
    Object.assign(child, {
      status,
      end,
      error: error ?? child.error,
      output: output ?? child.output,
      stuck,
      runIds,
      children: withIds(childPrefix(child), children),
    } satisfies Partial<SpanOf<'child'>>);
  }
  takeUpChildren(trace);
  sumUp(trace);
  settleOpen(trace);
}

/** The child spans of a trace, without those of traces that hang in it. */
export function childSpans(span: Span): SpanOf<'child'>[] {
  return span.children.flatMap((child) => (child.kind === 'child' ? [child] : childSpans(child)));
}

/** What goes on waits where all that goes on in it waits. */
function settleOpen(span: Span): void {
  span.children.forEach(settleOpen);
  const isContainer = ['run', 'branch', 'child', 'agent', 'tool'].includes(span.kind);
  if (isContainer && isOpen(span.status)) span.status = openStatus(span.children) ?? span.status;
}

/** What the ids of a run's spans begin with in the trace of the chain that it is the nth of, from 0. */
export function chainPrefix(n: number): string {
  return n === 0 ? '' : `${n + 1}:`;
}

/** What the ids of a child's spans begin with in the trace of its parent. */
export function childPrefix({ id }: SpanOf<'child'>): string {
  return `${id}>`;
}

function withIds(prefix: string, spans: readonly Span[]): Span[] {
  return spans.map((span) => ({
    ...span,
    id: prefix + span.id,
    children: withIds(prefix, span.children),
  }));
}
