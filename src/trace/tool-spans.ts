import type { Json } from '../agents/json.js';
import type { ToolCall, ToolMessage } from '../agents/message.js';
import { readArguments } from '../agents/tool-arguments.js';
import type { CallPolicy } from '../agents/turn.js';
import type { InnerSpans } from './inner-spans.js';
import { attempted } from './operation.js';
import type { RecordedTool } from './recorded-call.js';
import { isOpen } from './span-status.js';
import type { Span, SpanOf } from './trace.js';
import type { TurnOfAgent } from './turn-spans.js';

/** How a write failed, where it is not unknown whether it was done: by its own result, or for want of the tool. */
const KNOWN_OUTCOMES = new Set(['ToolError', 'ToolUnknown', 'Cancelled']);

/** What the history holds of the tool calls of all agents. */
export interface ToolRecords {
  /** The call's activity, by transcript, index of the message and of the call. */
  activity(transcript: number, message: number, call: number): RecordedTool | undefined;
  /** The result, where workflow code made it: the call was refused, or its activity gave none. */
  told(transcript: number, message: number, call: number): ToolMessage | undefined;
  /** Takes the approval that was asked for the call. */
  takeApproval(call: ToolCall, turn: TurnOfAgent): SpanOf<'approval'> | undefined;
}

/** The tool calls of a turn: those that ran, and those that wait or were refused. */
export function toolSpans(turn: TurnOfAgent, records: ToolRecords, inner: InnerSpans): SpanOf<'tool'>[] {
  const { result } = turn.recorded;
  if (result?.kind !== 'answer' || !('calls' in result.step)) return [];
  const { calls: policies } = result.step;
  return (result.message.calls ?? []).flatMap((call, i) => {
    const policy = policies[i];
    // A hand-off is told of by its turn.
    if (policy?.told !== undefined) return [];
    const span = toolSpan(turn, records, { call, i, policy });
    return policy?.agent ? answered(span, inner.called(policy.agent.name)) : span;
  });
}

function toolSpan(
  turn: TurnOfAgent,
  records: ToolRecords,
  { call, i, policy }: { call: ToolCall; i: number; policy: CallPolicy | undefined },
): SpanOf<'tool'> {
  const { input } = turn.recorded;
  const message = (input.base?.length ?? 0) + input.appended.length;
  const activity = records.activity(input.transcript, message, i);
  const told = records.told(input.transcript, message, i);
  const approval = policy?.approval ? records.takeApproval(call, turn) : undefined;
  const turnEnd = turn.span.end ?? turn.span.start;
  const span: SpanOf<'tool'> = {
    kind: 'tool',
    id: `${turn.span.id}.${i}`,
    name: call.tool,
    call: i,
    status: 'waiting',
    start: approval?.start ?? turnEnd,
    input:
      (approval?.decision?.approved ? approval.decision.edits : undefined) ?? readArguments(call.arguments),
    output: told?.content,
    children: approval ? [approval] : [],
  };
  if (activity) return withOutcome(ran(span, activity), policy);
  if (policy?.problem !== undefined) {
    return { ...span, status: 'failed', end: turnEnd, error: { code: 'ToolError', message: policy.problem } };
  }
  const isRefused = approval?.end !== undefined && approval.decision?.approved !== true;
  // Of a local call that took too long, or was made on a worker without the tool, the history does not say which one it was.
  if (policy?.local && told && !isRefused)
    return {
      ...span,
      status: 'failed',
      end: turnEnd,
      error: { code: 'ToolError', message: textOf(told.content) },
    };
  if (policy?.agent && told && !isRefused) {
    const ended = { ...span, end: approval?.end ?? turnEnd };
    if (!told.isError) return { ...ended, status: 'completed' };
    return { ...ended, status: 'failed', error: { code: 'ToolError', message: textOf(told.content) } };
  }
  // What has not run will not, once people have said so or the model was told.
  if (told || isRefused) {
    return { ...span, status: 'cancelled', end: approval?.end ?? turnEnd };
  }
  return span;
}

/** A call that another agent answers: it lasts as long as that one, and ended as the model was told, where it was told. */
function answered(span: SpanOf<'tool'>, inner: Span | undefined): SpanOf<'tool'> {
  if (!inner) return span;
  const { status, end, error } = inner;
  const output = 'output' in inner ? inner.output : undefined;
  const all = { ...span, start: Math.min(span.start, inner.start), children: [...span.children, inner] };
  if (isOpen(status)) return { ...all, status };
  return error || span.error
    ? { ...all, status: 'failed', end, error: span.error ?? error }
    : { ...all, status, end, output: span.output ?? output };
}

function ran(span: SpanOf<'tool'>, { operation, result }: RecordedTool): SpanOf<'tool'> {
  const { start, ...rest } = attempted(operation);
  const all = { ...span, ...rest, start: Math.min(span.start, start) };
  if (!result) return all;
  const { content, isError, cut, stored } = result.message;
  if (cut) all.cutFrom = cut.bytes;
  if (stored) all.stored = stored;
  if (!isError) return { ...all, output: content };
  return {
    ...all,
    output: content,
    status: 'failed',
    error: { code: 'ToolError', message: textOf(content) },
  };
}

/** A write whose activity gave no result may have been done all the same, as the model is told. */
function withOutcome(span: SpanOf<'tool'>, policy: CallPolicy | undefined): SpanOf<'tool'> {
  const { error } = span;
  if (!policy?.write || !error || KNOWN_OUTCOMES.has(error.code)) return span;
  return { ...span, error: { code: 'OutcomeUnknown', message: error.message } };
}

function textOf(content: Json): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}
