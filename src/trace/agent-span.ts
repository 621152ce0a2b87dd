import type { Json } from '../agents/json.js';
import type { NextStep, TurnAnswer } from '../agents/turn.js';
import { compactionSpan, isCompaction } from './compaction-span.js';
import type { InnerSpans } from './inner-spans.js';
import type { RecordedTurn } from './recorded-call.js';
import { openStatus } from './span-status.js';
import { toolSpans, type ToolRecords } from './tool-spans.js';
import { noTotals } from './totals.js';
import type { Span, SpanError, SpanOf } from './trace.js';
import { turnSpans, type TurnOfAgent } from './turn-spans.js';

/** What one agent did in a call, until its end or until it handed over to another one. */
export interface AgentPart {
  span: SpanOf<'agent'>;
  turns: readonly TurnOfAgent[];
  /** When the last turn and what followed from it had ended. */
  end: number;
  /** Whether the workflow code has seen all that is recorded of it, and gone on. */
  seen: boolean;
}

/** The span of an agent from its turns. Its totals are summed up later. */
export function agentSpan(
  path: string,
  from: { records: ToolRecords; inner: InnerSpans },
  recorded: readonly [RecordedTurn, ...RecordedTurn[]],
  seen: boolean,
): AgentPart {
  const turns = turnSpans(path, recorded);
  const byCall = new Map(turns.map((turn) => [turn.recorded, turn]));
  // In the order in which they began: the numbers of inner spans were given in that order.
  const compactions = recorded.flatMap((call) => {
    if (isCompaction(call)) return [compactionSpan(`${path}#compact.${call.operation.id}`, call, from.inner)];
    const turn = byCall.get(call);
    if (turn) turn.span.children = toolSpans(turn, from.records, from.inner);
    return [];
  });
  const [{ input: begin, operation }] = recorded;
  const said = begin.appended.map(saidBy);
  const asked = said.findLastIndex((content) => content !== undefined);
  const answers = turns.flatMap(({ recorded: { result } }) => (result?.kind === 'answer' ? [result] : []));
  const last = answers.at(-1);
  const spans: Span[] = [...turns.map((turn) => turn.span), ...compactions].sort((a, b) => a.start - b.start);
  const ends = spans.flatMap(({ end, children }) => [end, ...children.map((tool) => tool.end)]);
  const end = Math.max(...ends.map((at) => at ?? 0));
  const span: SpanOf<'agent'> = {
    kind: 'agent',
    id: path,
    path,
    name: begin.agent,
    start: operation.start,
    version: last?.version,
    model: last?.model,
    transcript: begin.transcript,
    input: said[asked],
    // An earlier conversation that is gone on with may stand before.
    context: said[asked - 1],
    ...(recorded.some(isSplitAt) ? { status: 'completed' as const, end } : endOf(turns, spans, end, seen)),
    totals: noTotals(),
    children: spans,
  };
  return { span, turns, end, seen };
}

/** Whether a summariser's call ended as there was too much for it. */
function isSplitAt({ result }: RecordedTurn): boolean {
  return result?.kind === 'compact' && result.split !== undefined;
}

/** What a message says to the agent; undefined for what others said. */
function saidBy(entry: RecordedTurn['input']['appended'][number]): Json | undefined {
  return typeof entry !== 'string' && entry.message.role === 'user' ? entry.message.content : undefined;
}

/** What followed from the last turn; undefined while it goes on, and where it failed. */
export function lastStep(turns: readonly TurnOfAgent[]): NextStep | undefined {
  const result = turns.at(-1)?.recorded.result;
  return result?.kind === 'answer' ? result.step : undefined;
}

type End = Pick<SpanOf<'agent'>, 'status' | 'end' | 'error' | 'output'>;

/**
 * How the agent ended. A final answer says so, and a rejected input. A failed call does not: it shows by the workflow code going
 * on without another turn, once nothing of the call is open.
 */
function endOf(turns: readonly TurnOfAgent[], spans: readonly Span[], end: number, seen: boolean): End {
  const last = turns.at(-1);
  const answer = last?.recorded.result;
  if (last && answer?.kind === 'answer') {
    const { step } = answer;
    if (step.kind === 'final') return { status: 'completed', end: last.span.end, output: outputOf(answer) };
    if (step.kind === 'inputRejected') {
      return { status: 'failed', end, error: { code: 'InputRejected', message: step.reason } };
    }
  }
  const open = openStatus(spans);
  if (open || !last || !seen) return { status: open ?? 'running' };
  const reason = reasonOf(last.span);
  return reason ? { end, ...reason } : { status: 'running' };
}
/** Why there is no further turn, where history tells. A call that was given up between turns ends with its run. */
function reasonOf(last: SpanOf<'turn'>): Pick<End, 'status' | 'error'> | undefined {
  if (last.quote) {
    const error = { code: 'BudgetExceeded', message: 'the next turn may cost more than is left' };
    Object.assign(last, { status: 'failed', error } satisfies Partial<SpanOf<'turn'>>);
    return { status: 'failed', error };
  }
  const error = last.error ?? unknownTool(last);
  if (error) return { status: last.status === 'timedOut' ? 'timedOut' : 'failed', error };
  if (last.status === 'cancelled') return { status: 'cancelled' };
  if (!last.grant) return undefined;
  return {
    status: 'failed',
    error: { code: 'BudgetExceeded', message: 'another turn may cost more than is left' },
  };
}

/** The one failure of a tool that ends the agent's call. */
function unknownTool({ children }: SpanOf<'turn'>): SpanError | undefined {
  return children.find(({ error }) => error?.code === 'ToolUnknown')?.error;
}

function outputOf({ step, message: { text = '' } }: TurnAnswer): Json {
  if (step.kind !== 'final') return null;
  if (step.output !== undefined) return step.output;
  return step.json ? (JSON.parse(text) as Json) : text;
}
