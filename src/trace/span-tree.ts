import { openStatus } from './span-status.js';
import { noTotals, totalsOf } from './totals.js';
import type { Span, SpanOf } from './trace.js';

/**
 * Groups spans by their paths, such as `offer/clerk.1`: what comes before the last part names branches, and each branch
 * becomes a span. Spans without a path stay at the top. All are in order of their start.
 */
export function spanTree(spans: readonly Span[]): Span[] {
  const top: Span[] = [];
  const branches = new Map<string, SpanOf<'branch'>>();
  const branch = (path: string): Span[] => {
    if (path === '') return top;
    const known = branches.get(path);
    if (known) return known.children;
    const { parent, name } = split(path);
    const made = branchSpan(path, name);
    branch(parent).push(made);
    branches.set(path, made);
    return made.children;
  };
  for (const span of spans) branch('path' in span ? split(span.path ?? '').parent : '').push(span);
  // Inner branches come after outer ones, and are settled before them.
  for (const made of [...branches.values()].reverse()) settleBranch(made);
  return inOrder(top);
}

function split(path: string): { parent: string; name: string } {
  const slash = path.lastIndexOf('/');
  return { parent: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) };
}

function branchSpan(path: string, name: string): SpanOf<'branch'> {
  return {
    kind: 'branch',
    id: `${path}/`,
    path,
    name,
    status: 'running',
    start: 0,
    totals: noTotals(),
    children: [],
  };
}

/** A branch has no events of its own: it lasts as long as what is in it, and ended as the last of that did. */
function settleBranch(branch: SpanOf<'branch'>): void {
  branch.children = inOrder(branch.children);
  branch.start = Math.min(...branch.children.map(({ start }) => start));
  const open = openStatus(branch.children);
  branch.status = open ?? branch.children.at(-1)?.status ?? 'completed';
  if (!open) branch.end = Math.max(...branch.children.map(({ start, end }) => end ?? start));
}

function inOrder(spans: readonly Span[]): Span[] {
  return [...spans].sort((a, b) => a.start - b.start);
}

/** Sums up what has totals, from the inside out. */
export function sumUp(span: Span): void {
  span.children.forEach(sumUp);
  if ('totals' in span) span.totals = totalsOf(span.children);
}
