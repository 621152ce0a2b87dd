import type { Span, SpanStatus } from './trace.js';

/** Whether anything in or below the spans goes on, and whether all of that only waits; undefined where all has ended. */
export function openStatus(spans: readonly Span[]): 'running' | 'waiting' | undefined {
  const statuses = spans.map((span) => statusOf(span));
  if (statuses.includes('running')) return 'running';
  return statuses.includes('waiting') ? 'waiting' : undefined;
}

function statusOf(span: Span): SpanStatus | undefined {
  // Spans with parts go on as their parts do: an agent waits while its tool does.
  const below = openStatus(span.children);
  return below ?? (isOpen(span.status) ? span.status : undefined);
}

export function isOpen(status: SpanStatus): boolean {
  return status === 'running' || status === 'waiting';
}

/** Ends what is still open when its run closes. */
export function closeOpen(spans: readonly Span[], status: SpanStatus, end: number): void {
  for (const span of spans) {
    closeOpen(span.children, status, end);
    if (isOpen(span.status)) Object.assign(span, { status, end } satisfies Partial<Span>);
  }
}
