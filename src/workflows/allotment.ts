import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  getExternalWorkflowHandle,
  log,
  patched,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { SPENT_SIGNAL } from '../agents/names.js';
import { resultOfReport } from '../agents/report.js';
import type { Amount, Budget } from '../agents/usage.js';
import { failure } from './fail.js';
import type { Ledger } from './ledger.js';

/** What a child that was allotted money has spent, beside its result or its failure. */
export interface Spending {
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
  if (!isFresh(error)) return error;
  const { message, type, nonRetryable, details, cause } = error;
  return ApplicationFailure.create({
    message,
    ...(type == null ? {} : { type }),
    nonRetryable: nonRetryable === true,
    details: [...(details?.length ? details : [null]), spendingOf(ledger)],
    ...(cause ? { cause } : {}),
  });
}

/** Tells the parent what a run has spent whose failure cannot: that it was cancelled, or what an activity or a child failed with. */
export async function reportApart(ledger: Ledger, error: unknown): Promise<void> {
  const { parent, firstExecutionRunId } = workflowInfo();
  if (!(error instanceof TemporalFailure) || isFresh(error)) return;
  if (!parent || !patched(SPENT_SIGNAL)) return;
  try {
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(parent.workflowId, parent.runId).signal(
        SPENT_SIGNAL,
        firstExecutionRunId,
        spendingOf(ledger),
      ),
    );
  } catch (error) {
    // The parent has ended: its ledger is closed.
    log.info('the parent was not told what was spent', { error });
  }
}

/** Whether it was thrown in this run. */
function isFresh(error: unknown): error is ApplicationFailure {
  return error instanceof ApplicationFailure && !error.failure;
}

function spendingOf(ledger: Ledger): Spending {
  const { spent, unconfirmed } = ledger.carry() ?? {
    spent: ledger.spent,
    unconfirmed: { usd: 0, tokens: 0 },
  };
  const isSure = unconfirmed.usd === 0 && unconfirmed.tokens === 0;
  return { baton_spent: spent, ...(isSure ? {} : { baton_unconfirmed: unconfirmed }) };
}

/** Whether what children spend counts for a limit here or above. */
export function isCounted(ledger: Ledger): boolean {
  return ledger.limited || !isEmpty(ledger.softLeft);
}

/**
 * Reserves a child's budget from its parent's.
 * @returns what the child may spend; undefined where nothing limits it
 * @throws BudgetExceeded
 */
export function allot(ledger: Ledger, wanted: Budget | undefined): Budget | undefined {
  if (!isCounted(ledger)) return wanted;
  const { left, softLeft } = ledger;
  const usd = wanted?.usd ?? left.usd;
  const tokens = wanted?.tokens ?? left.tokens;
  const soft = smallerOf(softLeft, wanted?.soft);
  const allotment = {
    ...(usd === undefined ? {} : { usd }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(isEmpty(soft) ? {} : { soft }),
  };
  if (usd === 0 || tokens === 0 || !ledger.reserve(allotment, 'child')) {
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
  started: Promise<string>,
  ending: Promise<unknown>,
  reports: ReadonlyMap<string, Spending>,
): Promise<unknown> {
  let runId: string | undefined;
  const begun = started.then(
    (id) => (runId = id),
    () => undefined,
  );
  try {
    const end = await ending;
    settle(ledger, allotment, end);
    return resultOfReport(end);
  } catch (error) {
    const cause = error instanceof ChildWorkflowFailure ? error.cause : undefined;
    const last = cause instanceof ApplicationFailure ? cause.details?.at(-1) : undefined;
    // The failure may be one that the child had from a child of its own, with what that one has spent.
    const told = runId === undefined ? undefined : reports.get(runId);
    if (told ?? isSpending(last)) settle(ledger, allotment, told ?? last);
    else if ((await begun) !== undefined) ledger.settleUnconfirmed(allotment, 'child');
    else ledger.settle(allotment, {}, {}, 'child');
    throw error;
  }
}

function settle(ledger: Ledger, allotment: Amount, end: unknown): void {
  if (isSpending(end)) ledger.settle(allotment, end.baton_spent, end.baton_unconfirmed, 'child');
  else ledger.settleUnconfirmed(allotment, 'child');
}

function isSpending(value: unknown): value is Spending {
  return (
    typeof value === 'object' &&
    value !== null &&
    'baton_spent' in value &&
    isAmount(value.baton_spent) &&
    (!('baton_unconfirmed' in value) || isAmount(value.baton_unconfirmed))
  );
}

/** What comes by signal may be anything. */
function isAmount(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((part) => typeof part === 'number' && part >= 0)
  );
}

function smallerOf(a: Amount, b: Amount = {}): Amount {
  const usd = Math.min(a.usd ?? Infinity, b.usd ?? Infinity);
  const tokens = Math.min(a.tokens ?? Infinity, b.tokens ?? Infinity);
  return { ...(usd === Infinity ? {} : { usd }), ...(tokens === Infinity ? {} : { tokens }) };
}

function isEmpty({ usd, tokens }: Amount): boolean {
  return usd === undefined && tokens === undefined;
}
