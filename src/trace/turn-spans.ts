import { textArgument } from '../agents/tool-arguments.js';
import { TurnFailureDetails } from '../agents/turn.js';
import { attempted } from './operation.js';
import type { RecordedTurn } from './recorded-call.js';
import type { SpanOf } from './trace.js';

export interface TurnOfAgent {
  span: SpanOf<'turn'>;
  recorded: RecordedTurn;
}

/**
 * The turns of one agent call: a span for each model call. An attempt that only asked for its price called no model, and is
 * a part of the turn that follows it.
 */
export function turnSpans(path: string, calls: readonly RecordedTurn[]): TurnOfAgent[] {
  const turns: TurnOfAgent[] = [];
  let quoted: RecordedTurn | undefined;
  calls.forEach((recorded, i) => {
    const isQuote = recorded.result?.kind === 'quote';
    if (isQuote && i < calls.length - 1) {
      quoted ??= recorded;
      return;
    }
    const previous = turns.at(-1)?.span;
    const span = turnSpan(`${path}#${turns.length + 1}`, recorded);
    if (quoted) span.start = quoted.operation.start;
    if (previous?.turn === span.turn && previous.status === 'failed') span.fallbackFrom = previous.model;
    quoted = undefined;
    turns.push({ span, recorded });
  });
  return turns;
}

function turnSpan(id: string, { operation, input, result }: RecordedTurn): SpanOf<'turn'> {
  const failed = TurnFailureDetails.safeParse(operation.failure?.details).data;
  const span: SpanOf<'turn'> = {
    kind: 'turn',
    id,
    name: `turn ${input.turn}`,
    turn: input.turn,
    ...attempted(operation),
    grant: input.grant,
    given: input.appended.flatMap((entry) => (typeof entry === 'string' ? [] : [entry.message])),
    model: failed?.model ?? input.models?.[input.model ?? 0],
    usage: failed?.usage,
    cost: failed?.cost,
    children: [],
  };
  if (result?.kind === 'quote') span.quote = result.quote;
  if (result?.kind !== 'answer') return span;
  const { model, modelName, offline, usage, cost, message, step } = result;
  Object.assign(span, { model, modelName, offline, usage, cost, message, step: step.kind } satisfies Partial<
    SpanOf<'turn'>
  >);
  if (cost === undefined) span.unpriced = true;
  if (step.kind === 'repair') span.repair = step.message.content;
  if (step.kind === 'inputRejected') span.rejection = step.reason;
  if (step.kind === 'handoff') {
    const said = textArgument(message.calls?.[step.call]?.arguments ?? '', 'message');
    span.handoff = { to: step.to, keep: step.keep, message: said };
  }
  return span;
}
