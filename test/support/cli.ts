import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runCli } from '../../src/cli/main.js';

/** What a command left behind. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

export interface CliCall {
  cwd?: string;
  stdin?: string | Buffer;
  /** Whether the outputs say that they are a terminal. */
  tty?: boolean;
}

/** Runs a command in this process. */
export async function cli(
  argv: string[],
  { cwd = tmpdir(), stdin = '', tty = false }: CliCall = {},
): Promise<Ended> {
  const written = { out: '', err: '' };
  const output = (name: 'out' | 'err') => ({
    isTTY: tty,
    write: (text: string) => (written[name] += text),
  });
  const code = await runCli(argv, {
    out: output('out'),
    err: output('err'),
    in: Readable.from([stdin]),
    cwd,
    interruption: () => new AbortController().signal,
  });
  return { code, ...written };
}

/** A folder for as long as `fn` takes. */
export async function inFolder<T>(fn: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-cli-'));
  try {
    return await fn(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
