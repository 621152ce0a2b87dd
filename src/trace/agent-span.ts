import type { Json } from '../agents/json.js';
import type { TurnAnswer } from '../agents/turn.js';
import type { RecordedTurn } from './recorded-call.js';
import { openStatus } from './span-status.js';
import { toolSpans, type ToolRecords } from './tool-spans.js';
import { noTotals } from './totals.js';
import type { SpanError, SpanOf } from './trace.js';
import { turnSpans, type TurnOfAgent } from './turn-spans.js';

/**
 * One call of an agent, from its turns. Its totals are summed up later.
 * @param seen whether the workflow code has seen all that is recorded of the call, and gone on
 */
export function agentSpan(
  path: string,
  records: ToolRecords,
  recorded: readonly [RecordedTurn, ...RecordedTurn[]],
  seen: boolean,
): SpanOf<'agent'> {
  const turns = turnSpans(path, recorded);
  for (const turn of turns) turn.span.children = toolSpans(turn, records);
  const [{ input: begin, operation }] = recorded;
  const said = begin.appended.flatMap((entry) =>
    typeof entry !== 'string' && entry.message.role === 'user' ? [entry.message.content] : [],
  );
  const answers = turns.flatMap(({ recorded: { result } }) => (result?.kind === 'answer' ? [result] : []));
  const last = answers.at(-1);
  return {
    kind: 'agent',
    id: path,
    path,
    name: begin.agent,
    start: operation.start,
    version: last?.version,
    model: last?.model,
    transcript: begin.transcript,
    input: said.at(-1),
    context: said.at(-2),
    ...endOf(turns, seen),
    totals: noTotals(),
    children: turns.map(({ span }) => span),
  };
}

type End = Pick<SpanOf<'agent'>, 'status' | 'end' | 'error' | 'output'>;

/**
 * How the call ended. A final answer says so. A failed call does not: it shows by the workflow code going on without
 * another turn, once nothing of the call is open.
 */
function endOf(turns: readonly TurnOfAgent[], seen: boolean): End {
  const spans = turns.map(({ span }) => span);
  const last = turns.at(-1);
  const answer = last?.recorded.result;
  if (last && answer?.kind === 'answer' && answer.step.kind === 'final') {
    return { status: 'completed', end: last.span.end, output: outputOf(answer) };
  }
  const open = openStatus(spans);
  if (open || !last || !seen) return { status: open ?? 'running' };
  const reason = reasonOf(last.span);
  if (!reason) return { status: 'running' };
  const ends = spans.flatMap(({ end, children }) => [end, ...children.map((tool) => tool.end)]);
  return { end: Math.max(...ends.map((at) => at ?? 0)), ...reason };
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
