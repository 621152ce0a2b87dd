import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { CliError } from './failures.js';
import type { Io } from './io.js';

/**
 * A value as `--input` and its like give it: JSON, `@FILE`, or `-` for standard input.
 * @throws CliError `InputInvalid`
 */
export async function readRunInput(given: string, io: Io, flag = '--input'): Promise<unknown> {
  if (given === '-') return parse(await text(io.in), 'standard input');
  if (!given.startsWith('@')) return parse(given, flag);
  const path = given.slice(1);
  return parse(await readTextFile(path, io), path);
}

/** A file's text. @throws CliError `InputInvalid`, where it can't be read */
export async function readTextFile(path: string, { cwd }: Io): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('InputInvalid', `${path} cannot be read: ${reason}`, {
      cause,
      advice: 'name a text file',
    });
  }
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
