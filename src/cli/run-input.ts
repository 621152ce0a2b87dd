import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CliError } from './failures.js';
import type { Io } from './io.js';

/**
 * A value as `--input` and its like give it: JSON, `@FILE`, or `-` for standard input.
 * @throws CliError `InputInvalid`
 */
export async function readRunInput(given: string, io: Io, flag = '--input'): Promise<unknown> {
  if (given === '-') return parse(textOf(await buffer(io.in), 'standard input'), 'standard input');
  if (!given.startsWith('@')) return parse(given, flag);
  const path = given.slice(1);
  return parse(await readTextFile(path, io), path);
}

/** A file's text. @throws CliError `InputInvalid`, where it can't be read */
export async function readTextFile(path: string, { cwd }: Io): Promise<string> {
  const shown = path === '' ? 'a file without a name' : path;
  const bytes = await readFile(resolve(cwd, path)).catch((cause: unknown) => unreadable(shown, cause));
  return textOf(bytes, shown);
}

/** Bytes as text. A byte order mark is left out; other encodings would come out as nonsense. */
function textOf(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return unreadable(where, new Error('it is not UTF-8', { cause }));
  }
}

function unreadable(where: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new CliError('InputInvalid', `${where} cannot be read: ${reason}`, {
    cause,
    advice: 'name a file of text in UTF-8',
  });
}

function parse(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('InputInvalid', `${where} is not JSON: ${reason}`, {
      cause,
      advice: `quote the shell's way, as in '{ "email": "a@example.com" }' or '"text"'; or put it in a file: ${where.startsWith('--') ? `${where} ` : ''}@FILE`,
    });
  }
}
