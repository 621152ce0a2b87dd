import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** How much of the end of a log is kept for an error message, in characters. */
const TAIL_CHARS = 4_000;

/**
 * Where a server's output goes: appended to a file by the server itself, or, without a file, kept in memory
 * as far as its end is needed.
 */
export class ServerLog {
  readonly #file: string | undefined;
  readonly #start: number;
  readonly #descriptor: number | undefined;
  #tail = '';

  constructor(file?: string) {
    this.#file = file;
    this.#descriptor = file === undefined ? undefined : openSync(file, 'a');
    this.#start = file === undefined ? 0 : statSync(file).size;
  }

  /** For `spawn`: what standard output and error are connected to. */
  get stdio(): 'pipe' | number {
    return this.#descriptor ?? 'pipe';
  }

  follow(...outputs: (Readable | null)[]): void {
    for (const output of outputs) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        this.#tail = (this.#tail + text).slice(-TAIL_CHARS);
      });
    }
  }

  /** The last lines of this start's output. */
  tail(): string {
    const text =
      this.#file === undefined ? this.#tail : readFileSync(this.#file).subarray(this.#start).toString('utf8');
    return text.slice(-TAIL_CHARS).trim();
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}
