import type { Amount } from '../agents/usage.js';
import { failure } from './fail.js';
import type { Ledger } from './ledger.js';

/** How a child that was allotted money ends: its result, and what it has spent. */
interface Report {
  baton_spent: Amount;
  result: unknown;
}

export function report(ledger: Ledger, result: unknown): Report {
  return { baton_spent: ledger.spent, result };
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

/** Settles an allotment when the child ends. One that closes without a report has spent it. */
export async function settled(ledger: Ledger, allotment: Amount, ending: Promise<unknown>): Promise<unknown> {
  let end: unknown;
  try {
    end = await ending;
  } catch (error) {
    ledger.settleUnconfirmed(allotment);
    throw error;
  }
  if (!isReport(end)) {
    ledger.settleUnconfirmed(allotment);
    return end;
  }
  ledger.settle(allotment, end.baton_spent);
  return end.result;
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'baton_spent' in value && 'result' in value;
}
