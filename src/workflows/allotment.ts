import { ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';
import type { Amount } from '../agents/usage.js';
import { failure } from './fail.js';
import type { Ledger } from './ledger.js';

/** What a child that was allotted money has spent, beside its result or its failure. */
interface Spending {
  baton_spent: Amount;
  /** Spent at most by calls whose outcome is unknown; absent where there are none. */
  baton_unconfirmed?: Amount;
}

interface Report extends Spending {
  result: unknown;
}

export function report(ledger: Ledger, result: unknown): Report {
  return { ...spendingOf(ledger), result };
}

/** The failure that ends a child, with what it has spent as its last detail; others than fresh ones stay as they are. */
export function reportFailure(ledger: Ledger, error: unknown): unknown {
  if (!(error instanceof ApplicationFailure) || error.failure) return error;
  const { message, type, nonRetryable, details, cause } = error;
  return ApplicationFailure.create({
    message,
    ...(type == null ? {} : { type }),
    nonRetryable: nonRetryable === true,
    details: [...(details?.length ? details : [null]), spendingOf(ledger)],
    ...(cause ? { cause } : {}),
  });
}

function spendingOf(ledger: Ledger): Spending {
  const { spent, unconfirmed } = ledger.carry() ?? {
    spent: ledger.spent,
    unconfirmed: { usd: 0, tokens: 0 },
  };
  const isEmpty = unconfirmed.usd === 0 && unconfirmed.tokens === 0;
  return { baton_spent: spent, ...(isEmpty ? {} : { baton_unconfirmed: unconfirmed }) };
}

/**
 * Reserves a child's budget from its parent's.
 * @returns what the child may spend; undefined where nothing limits it
 * @throws BudgetExceeded
 */
export function allot(ledger: Ledger, wanted: Amount | undefined): Amount | undefined {
  if (!ledger.limited) return wanted;
  const left = ledger.left;
  const usd = wanted?.usd ?? left.usd;
  const tokens = wanted?.tokens ?? left.tokens;
  const allotment = { ...(usd === undefined ? {} : { usd }), ...(tokens === undefined ? {} : { tokens }) };
  if (usd === 0 || tokens === 0 || !ledger.reserve(allotment)) {
    throw failure(
      'BudgetExceeded',
      'nothing is left to allot to the child; give its siblings a budget of their own: child(fn, input, { budget })',
    );
  }
  return allotment;
}

/** A part of what is left, for one of several children; undefined where nothing limits it. */
export function share(ledger: Ledger, part: number): Amount | undefined {
  if (!ledger.limited) return undefined;
  const { usd, tokens } = ledger.left;
  return {
    ...(usd === undefined ? {} : { usd: usd * part }),
    ...(tokens === undefined ? {} : { tokens: Math.floor(tokens * part) }),
  };
}

/**
 * Settles an allotment when the child ends. One that was never started has spent nothing; one that closes without a report has
 * spent it all.
 */
export async function settled(
  ledger: Ledger,
  allotment: Amount,
  started: Promise<unknown>,
  ending: Promise<unknown>,
): Promise<unknown> {
  const begun = started.then(
    () => true,
    () => false,
  );
  try {
    const end = await ending;
    settle(ledger, allotment, end);
    return isSpending(end) && 'result' in end ? end.result : end;
  } catch (error) {
    const cause = error instanceof ChildWorkflowFailure ? error.cause : undefined;
    const last = cause instanceof ApplicationFailure ? cause.details?.at(-1) : undefined;
    if (isSpending(last) || (await begun)) settle(ledger, allotment, last);
    else ledger.settle(allotment, {});
    throw error;
  }
}

function settle(ledger: Ledger, allotment: Amount, end: unknown): void {
  if (isSpending(end)) ledger.settle(allotment, end.baton_spent, end.baton_unconfirmed);
  else ledger.settleUnconfirmed(allotment);
}

function isSpending(value: unknown): value is Spending {
  return typeof value === 'object' && value !== null && 'baton_spent' in value;
}
