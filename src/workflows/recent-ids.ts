import { byteLength } from './byte-length.js';

/** How many ids are kept, and how many bytes they may take in the payload that carries them. */
const MAX_IDS = 10_000;
const MAX_BYTES = 500_000;

/** The newest ids that came, so that what comes again is known. */
export class RecentIds {
  private readonly ids = new Set<string>();
  private bytes = 0;

  constructor(carried: readonly string[] = []) {
    for (const id of carried) this.add(id);
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(id: string): void {
    if (this.ids.has(id)) return;
    this.ids.add(id);
    this.bytes += sizeOf(id);
    for (const oldest of this.ids) {
      if (this.ids.size <= MAX_IDS && this.bytes <= MAX_BYTES) break;
      this.forget(oldest);
    }
  }

  forget(id: string): void {
    if (this.ids.delete(id)) this.bytes -= sizeOf(id);
  }

  /** The ids, oldest first. */
  get all(): string[] {
    return [...this.ids];
  }
}

/** With the comma. */
function sizeOf(id: string): number {
  return byteLength(id) + 1;
}
