import type { Output } from './io.js';
import { clip } from './layout.js';
import { paintFor } from './paint.js';

/** News of something that takes long: on a terminal one line that changes, elsewhere a line each. */
export class Progress {
  private shown = false;

  constructor(private readonly output: Output) {}

  show(line: string): void {
    const { isTTY, columns = 100 } = this.output;
    const text = paintFor(this.output).dim(clip(line, columns - 1));
    this.output.write(isTTY ? `\r\u001b[K${text}` : `${text}\n`);
    this.shown = true;
  }

  /** Takes the line away. */
  end(): void {
    if (this.shown && this.output.isTTY) this.output.write('\r\u001b[K');
    this.shown = false;
  }
}
