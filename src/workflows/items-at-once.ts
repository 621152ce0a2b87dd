import { byteLength } from './byte-length.js';

/** Bytes that the commands of one workflow task may have, with room for what goes along: Temporal takes 4 MB. */
const TASK_BYTES = 3_000_000;

/** Bytes of the largest of the items. */
export function largest(items: readonly unknown[]): number {
  return items.reduce<number>((most, item) => Math.max(most, byteLength(item)), 0);
}

/** How many things of a size may be started in one workflow task, one at least. */
export function atOnce(bytes: number): number {
  return Math.max(1, Math.floor(TASK_BYTES / Math.max(1, bytes)));
}
