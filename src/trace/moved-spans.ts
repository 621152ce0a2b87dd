import type { Span, SpanOf, Trace } from './trace.js';

type Resumes = NonNullable<Trace['resumes']>;

/**
 * Hangs what a run did for an agent's call that began elsewhere below the span of that agent, so that it reads as one.
 * @param spans what the run did
 * @returns what else it did
 */
export function takeUp(before: readonly Span[], spans: readonly Span[], { call, agent }: Resumes): Span[] {
  const root = agentAt(before, call);
  const into = agentAt(before, agent) ?? root;
  const own = agentAt(spans, agent);
  if (!root || !into || !own) return [...spans];
  for (const span of own.children) into.children.push(span);
  for (const span of new Set([into, root])) takeEnd(span, own);
  return without(spans, own);
}

/** The same for children that went on with calls of this run: their spans give way to what they did. */
export function takeUpChildren(span: Span): void {
  span.children.forEach(takeUpChildren);
  if (span.kind !== 'agent') return;
  const moved = span.children.find(
    (child): child is SpanOf<'child'> => child.kind === 'child' && child.resumes?.call === span.path,
  );
  if (!moved?.resumes || !agentAt(moved.children, moved.resumes.agent)) return;
  span.children.splice(span.children.indexOf(moved), 1);
  const rest = takeUp([span], moved.children, moved.resumes);
  span.children.push(...rest);
}

export function takeEnd(
  span: SpanOf<'agent'>,
  last: Pick<SpanOf<'agent'>, 'status' | 'end' | 'output' | 'error'> & { model?: string | undefined },
): void {
  const { status, end, output, error, model = span.model } = last;
  Object.assign(span, { status, end, output, error, model });
}

function agentAt(spans: readonly Span[], path: string): SpanOf<'agent'> | undefined {
  for (const span of spans) {
    if (span.kind === 'agent' && span.path === path) return span;
    const below = span.kind === 'turn' ? undefined : agentAt(span.children, path);
    if (below) return below;
  }
  return undefined;
}

/** The spans without one of them, and without branches that held nothing else. */
function without(spans: readonly Span[], gone: Span): Span[] {
  return spans.flatMap((span): Span[] => {
    if (span === gone) return [];
    if (span.kind !== 'branch') return [span];
    const children = without(span.children, gone);
    return children.length === 0 ? [] : [{ ...span, children }];
  });
}
