import type { NextStep } from '../agents/turn.js';
import { agentSpan, lastStep, type AgentPart } from './agent-span.js';
import { InnerSpans } from './inner-spans.js';
import type { MovedCall } from './moved-call.js';
import { takeEnd } from './moved-spans.js';
import type { RunRecords } from './run-records.js';
import { openStatus } from './span-status.js';
import type { Span, SpanError, SpanOf } from './trace.js';

type HandoffStep = Extract<NextStep, { kind: 'handoff' }>;
const DEFAULT_HANDOFFS = 8;

/** The spans of all agent calls of a run; those that are a part of another one hang below it. */
export class AgentSpans {
  private readonly taken = new Set<string>();

  /**
   * @param children spans of child runs by path
   * @param seen whether the workflow code has seen all that is recorded below a path, and gone on
   * @param moved the call that the run goes on with
   */
  constructor(
    private readonly records: RunRecords,
    private readonly children: ReadonlyMap<string, SpanOf<'child'>>,
    private readonly seen: (path: string) => boolean,
    private readonly moved?: MovedCall,
  ) {}

  /** The calls that are a part of no other one. An agent takes its first turn before those that it calls. */
  all(): SpanOf<'agent'>[] {
    return [...this.records.agents.keys()].flatMap((path) =>
      this.taken.has(path) ? [] : (this.call(path) ?? []),
    );
  }

  /** Whether the path's span is a part of an agent's. */
  isTaken(path: string): boolean {
    return this.taken.has(path);
  }

  private inner(path: string): Span | undefined {
    const child = this.records.agents.has(path) ? undefined : this.children.get(path);
    if (child) this.taken.add(path);
    return child ?? this.call(path);
  }

  /** A call, with those to whom the conversation was handed over in it. It ends as the last of them does. */
  private call(path: string): SpanOf<'agent'> | undefined {
    const inner = this.spansIn(path);
    // Those that take over stand below the call, also where it had been handed over before the run began.
    const { span: call = path, at = call } = this.moved ?? {};
    const after = path === at && path !== call ? this.spansIn(call) : inner;
    const first = this.part(path, inner);
    if (!first) return undefined;
    const parts = [first];
    const summaries: SpanOf<'agent'>[] = [];
    for (;;) {
      const last = parts[parts.length - 1] ?? first;
      const step = lastStep(last.turns);
      if (step?.kind !== 'handoff') break;
      const summary = this.summary(step, after);
      if (summary) summaries.push(summary);
      const next = after.next(step.to, (below) => this.records.agents.has(below));
      const part = next === undefined ? undefined : this.part(next, undefined, last);
      if (!part) {
        end(last, step, parts.length - 1, summary);
        break;
      }
      Object.assign(last.span, { status: 'completed', end: last.end, error: undefined });
      parts.push(part);
    }
    const { span } = first;
    if (parts.length > 1) takeEnd(span, (parts[parts.length - 1] ?? first).span);
    const added = [...summaries, ...parts.slice(1).map((part) => part.span)];
    span.children = [...span.children, ...added].sort((a, b) => a.start - b.start);
    this.moveOn(span);
    return span;
  }

  private spansIn(path: string): InnerSpans {
    return new InnerSpans(path, (below) => this.inner(below), this.moved?.spans);
  }

  /** A call that went on in a child ends as that does. */
  private moveOn(span: SpanOf<'agent'>): void {
    const child = this.children.get(span.path);
    if (child?.resumes?.call !== span.path) return;
    child.id = `${span.path}>`;
    this.taken.add(child.id);
    takeEnd(span, child);
    span.children.push(child);
  }

  private summary({ summariser }: HandoffStep, inner: InnerSpans): SpanOf<'agent'> | undefined {
    const path =
      summariser === undefined
        ? undefined
        : inner.next(summariser, (below) => this.records.agents.has(below));
    return path === undefined ? undefined : this.call(path);
  }

  /** What one agent did, until its end or its hand-off. */
  private part(path: string, given?: InnerSpans, before?: AgentPart): AgentPart | undefined {
    const recorded = this.records.agents.get(path);
    if (!recorded) return undefined;
    this.taken.add(path);
    const inner = given ?? this.spansIn(path);
    const part = agentSpan(path, { records: this.records, inner }, recorded, this.seen(path));
    if (before) part.span.handedOverBy = before.span.name;
    return part;
  }
}

/** A hand-off that was not made, or not yet. */
function end(last: AgentPart, step: HandoffStep, made: number, summary: SpanOf<'agent'> | undefined): void {
  const { span } = last;
  const open = openStatus(summary ? [summary] : []);
  const limit = step.limit ?? DEFAULT_HANDOFFS;
  const error: SpanError | undefined =
    summary?.error ??
    (made >= limit
      ? { code: 'LimitReached', message: `no further hand-off is allowed: limits.handoffs is ${limit}` }
      : undefined);
  if (open) Object.assign(span, { status: open, end: undefined, error: undefined });
  else if (error && last.seen)
    Object.assign(span, { status: 'failed', end: summary?.end ?? last.end, error });
}
