import { FAILED } from './exit-codes.js';
import type { Exit, Io } from './io.js';
import { isInterruption, readFailure } from './read-failure.js';

/** Does something that writes remarks and a log, so that every line of `io.err` is an object, also that of what it fails with. */
export async function inJson(io: Io, exit: Exit, fn: (io: Io) => Promise<void>): Promise<void> {
  try {
    await fn(jsonIo(io));
  } catch (error) {
    if (isInterruption(error)) throw error;
    const { code, title, message, advice } = readFailure(error);
    const text = message === '' || message === title ? title : `${title}: ${message}`;
    io.err.write(`${entry({ level: 'error', message: text, code, advice })}\n`);
    exit(FAILED);
  }
}

/** Remarks as the log has them; what is an object already stays as it is. */
function jsonIo(io: Io): Io {
  const lines = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (line.startsWith('{') ? line : entry({ level: 'info', message: line })));
  const write = (text: string) => io.err.write(`${lines(text).join('\n')}\n`);
  return { ...io, err: { write } };
}

function entry(fields: { level: string; message: string; code?: string; advice?: string }): string {
  return JSON.stringify({ time: new Date().toISOString(), ...fields });
}
