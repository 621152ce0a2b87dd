import type { Io } from './io.js';

/** Remarks as the log has them, so that every line of `io.err` is an object; what is one already stays as it is. */
export function jsonIo(io: Io): Io {
  const lines = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (line.startsWith('{') ? line : remarkOf(line)));
  const write = (text: string) => io.err.write(`${lines(text).join('\n')}\n`);
  return { ...io, err: { write } };
}

function remarkOf(message: string): string {
  return JSON.stringify({ time: new Date().toISOString(), level: 'info', message });
}
