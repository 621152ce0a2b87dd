import { patched, workflowInfo } from '@temporalio/workflow';
import { failure } from './fail.js';

/** Bytes of history at which a long call goes on in another run: where Temporal suggests it too, by default. */
const MOVE_AT = 4_000_000;
/** What is a part of an agent's turn goes on longer: the agent itself may move after that turn. */
const LATE = { factor: 2, events: 8_192 };
/** Temporal ends a run at 51,200 events or 50 MB, without asking. */
const FULL = { events: 50_000, bytes: 47_000_000 };

/**
 * Whether a call is to go on in another run, by Temporal's suggestion or by size.
 * @param isOld whether the run may have begun before calls moved
 */
export function isDue(moveAt: number = MOVE_AT, isOld = true): boolean {
  const { continueAsNewSuggested, historySize } = workflowInfo();
  return (continueAsNewSuggested || historySize >= moveAt) && (!isOld || mayMove());
}

/** The same for a call that is a part of an agent's turn. */
export function isLate(moveAt = MOVE_AT): boolean {
  const { historySize, historyLength } = workflowInfo();
  return (historySize >= moveAt * LATE.factor || historyLength >= LATE.events) && mayMove();
}

/** @throws HistoryFull where Temporal may soon end the run */
export function checkRoom(): void {
  const { historySize, historyLength } = workflowInfo();
  if (historyLength < FULL.events && historySize < FULL.bytes) return;
  throw failure(
    'HistoryFull',
    `the run has ${historyLength} events and ${Math.round(historySize / 1e6)} MB of history`,
  );
}

/** Runs that began before calls moved go on as they did. */
function mayMove(): boolean {
  return patched('baton-move-on');
}
