import { roundUsd } from '../agents/round-usd.js';
import type { Usage } from '../agents/usage.js';
import type { Span, Totals } from './trace.js';

export function noTotals(): Totals {
  return {
    usage: { input: 0, output: 0 },
    cost: 0,
    unpriced: 0,
    unconfirmed: { calls: 0, usd: 0 },
    turns: 0,
    toolCalls: 0,
    retries: 0,
    repairs: 0,
    offline: false,
  };
}

/** The sums over the spans, and over what hangs below them. */
export function totalsOf(spans: readonly Span[]): Totals {
  const totals = noTotals();
  for (const span of spans) {
    add(totals, ownTotals(span));
    add(totals, totalsOf(span.children));
  }
  return totals;
}

function ownTotals(span: Span): Totals {
  const totals = noTotals();
  if ('attempts' in span) totals.retries = Math.max(0, (span.attempts ?? 1) - 1);
  if (span.kind === 'tool') totals.toolCalls = 1;
  if (span.kind !== 'turn') return totals;
  const lost = lostCalls(span);
  return {
    ...totals,
    usage: span.usage ?? totals.usage,
    cost: span.cost ?? 0,
    unpriced: span.unpriced ? 1 : 0,
    unconfirmed: { calls: lost, usd: roundUsd(lost * (span.grant?.usd ?? 0)) },
    turns: 1,
    repairs: span.step === 'repair' ? 1 : 0,
    offline: span.offline === true,
  };
}

/**
 * Attempts that ended without an answer and without saying so, such as with the death of a worker: the model may have
 * been paid for. History names the last failed attempt only, so there may have been more; and it does not say whether a
 * turn was begun that was cancelled.
 */
function lostCalls({ status, error, lastFailure }: Extract<Span, { kind: 'turn' }>): number {
  const before = lastFailure?.code === 'TimedOut' ? 1 : 0;
  const isLost = status === 'timedOut' && error?.code === 'TimedOut';
  return before + (isLost || status === 'cancelled' ? 1 : 0);
}

function add(sum: Totals, { usage, unconfirmed, ...part }: Totals): void {
  addUsage(sum.usage, usage);
  sum.cost = roundUsd(sum.cost + part.cost);
  sum.unpriced += part.unpriced;
  sum.unconfirmed.calls += unconfirmed.calls;
  sum.unconfirmed.usd = roundUsd(sum.unconfirmed.usd + unconfirmed.usd);
  sum.turns += part.turns;
  sum.toolCalls += part.toolCalls;
  sum.retries += part.retries;
  sum.repairs += part.repairs;
  sum.offline ||= part.offline;
}

function addUsage(sum: Usage, { input, output, cached, reasoning }: Usage): void {
  sum.input += input;
  sum.output += output;
  if (cached !== undefined) sum.cached = (sum.cached ?? 0) + cached;
  if (reasoning !== undefined) sum.reasoning = (sum.reasoning ?? 0) + reasoning;
}
