/** The day on which the example's data stands still. Agents are told it, and windows are counted to it; never to now. */
export const TODAY = '2026-11-18';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Calendar days from an ISO date to `TODAY`. */
export function daysSince(date: string): number {
  return Math.round((Date.parse(TODAY) - Date.parse(date)) / DAY_MS);
}
