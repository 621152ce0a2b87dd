import { Context } from '@temporalio/activity';

/** Where the activity has no time-out of its own, as with local ones. */
const DEFAULT_MS = 120_000;
/** What is left for the failure to reach Temporal, before it ends the attempt with one that says less. */
const MARGIN = { part: 0.05, least: 500, most: 0.25 };

/**
 * Milliseconds that the attempt has for its model, so that a silent provider is reported as such.
 * @param began when it began, by `performance.now()`: the conversation may have been fetched since
 */
export function timeLeft(began: number): number {
  const total = Context.current().info.startToCloseTimeoutMs || DEFAULT_MS;
  const margin = Math.max(total * MARGIN.part, Math.min(MARGIN.least, total * MARGIN.most));
  return Math.max(1, total - margin - (performance.now() - began));
}
