import { withoutOpaque } from '../agents/without-opaque.js';
import { roundUsd } from '../agents/round-usd.js';
import { textArgument } from '../agents/tool-arguments.js';
import { TurnFailureDetails } from '../agents/turn.js';
import { isCompaction } from './compaction-span.js';
import { attempted } from './operation.js';
import type { RecordedTurn } from './recorded-call.js';
import type { SpanOf } from './trace.js';

type Lost = NonNullable<SpanOf<'turn'>['lost']>;

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
  let lost: Lost | undefined;
  /** How often the turn was taken: by another model, after a failure. */
  let times = 0;
  calls.forEach((recorded, i) => {
    if (isLost(recorded)) lost = sumOf(lost, lostWith(recorded));
    if (isCompaction(recorded)) return;
    const isQuote = recorded.result?.kind === 'quote';
    if (isQuote && i < calls.length - 1) {
      quoted ??= recorded;
      return;
    }
    const previous = turns.at(-1)?.span;
    const { turn } = recorded.input;
    times = turn === turns.at(-1)?.span.turn ? times + 1 : 1;
    const span = turnSpan(`${path}#${turn}${times > 1 ? `~${times}` : ''}`, recorded);
    if (quoted) span.start = quoted.operation.start;
    if (previous?.turn === span.turn && previous.status === 'failed') span.fallbackFrom = previous.model;
    span.lost = lost;
    quoted = lost = undefined;
    turns.push({ span, recorded });
  });
  return turns;
}

/** Whether an attempt was lost, so that no model was asked again under the same grant; or the provider did not say what it cost. */
function isLost({ result, operation }: RecordedTurn): boolean {
  if (result?.kind === 'answer') return result.uncounted === true;
  if (result) return result.lost === true;
  return TurnFailureDetails.safeParse(operation.failure?.details).data?.maybePaid === true;
}

/** A call whose answer nobody has: it may have cost what was reserved. */
function lostWith({ input }: RecordedTurn): Lost {
  return { calls: 1, usd: input.grant?.usd ?? 0 };
}

function sumOf(a: Lost | undefined, b: Lost | undefined): Lost | undefined {
  return a && b ? { calls: a.calls + b.calls, usd: roundUsd(a.usd + b.usd) } : (a ?? b);
}

function turnSpan(id: string, recorded: RecordedTurn): SpanOf<'turn'> {
  const { operation, input, result } = recorded;
  const failed = TurnFailureDetails.safeParse(operation.failure?.details).data;
  const span: SpanOf<'turn'> = {
    kind: 'turn',
    id,
    name: `turn ${input.turn}`,
    turn: input.turn,
    ...attempted(operation),
    grant: input.grant,
    shown: input.view && {
      view: input.view,
      length: (input.base?.length ?? 0) + input.appended.length,
    },
    given: input.appended.flatMap((entry) =>
      typeof entry === 'string' ? [] : [withoutOpaque(entry.message)],
    ),
    model: failed?.model ?? input.models?.[input.model ?? 0],
    usage: failed?.usage,
    cost: failed?.cost,
    children: [],
  };
  if (result?.kind === 'quote') span.quote = result.quote;
  if (result?.kind !== 'answer') return span;
  const { model, modelName, offline, usage, cost, step } = result;
  const message = withoutOpaque(result.message);
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
