import { addUsage } from '../agents/add-usage.js';
import { roundUsd } from '../agents/round-usd.js';
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
  const calls = lostCalls(span);
  const { lost = { calls: 0, usd: 0 } } = span;
  return {
    ...totals,
    usage: span.usage ?? totals.usage,
    cost: span.cost ?? 0,
    unpriced: span.unpriced ? 1 : 0,
    unconfirmed: { calls: calls + lost.calls, usd: roundUsd(calls * (span.grant?.usd ?? 0) + lost.usd) },
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
function lostCalls({ status, error, lastFailure, grant, quote }: Extract<Span, { kind: 'turn' }>): number {
  // Of what was granted, a quote or a failure says so itself.
  const isTold = quote !== undefined || (grant !== undefined && status !== 'completed');
  const before = lastFailure?.code === 'TimedOut' && !isTold ? 1 : 0;
  const isLost = status === 'timedOut' && error?.code === 'TimedOut';
  return before + (isLost || status === 'cancelled' ? 1 : 0);
}

function add(sum: Totals, { usage, unconfirmed, ...part }: Totals): void {
  sum.usage = addUsage(sum.usage, usage);
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
