import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * The SDK downloads only as part of starting a server. `--help` makes the downloaded program end at once,
 * so no server is left behind when this helper is killed.
 */
const SCRIPT = `
const { TestWorkflowEnvironment } = await import(process.argv[1]);
const executable = { type: 'cached-download', downloadDir: process.argv[2] };
await TestWorkflowEnvironment.createLocal({ server: { executable, extraArgs: ['--help'] } });
`;

export interface DownloadOptions {
  /** An existing, empty folder: the SDK leaves `temporal-sdk-typescript-<version>` in it. */
  folder: string;
  onProgress: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** How long nothing may arrive before the download is given up, in ms. */
  stallMs: number;
}

/**
 * Downloads the Temporal CLI by the SDK's own means and returns the file's path. It runs in a process of its
 * own, because the SDK can't interrupt a download and would install its runtime in this one.
 * Throws if the SDK refuses, or if nothing arrives for `stallMs`.
 */
export async function downloadTemporal(options: DownloadOptions): Promise<string> {
  const { folder, onProgress, signal, stallMs } = options;
  const testing = pathToFileURL(createRequire(import.meta.url).resolve('@temporalio/testing')).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, testing, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-4_000)));
  child.once('error', (error) => ((ended = true), (stderr += error.message)));
  child.once('exit', () => (ended = true));
  onProgress('Downloading the Temporal CLI');
  try {
    let arrived = { bytes: 0, at: Date.now() };
    for (;;) {
      const { complete, bytes } = await progressIn(folder);
      if (complete) return complete;
      if (ended) throw new Error(reasonIn(stderr));
      if (bytes > arrived.bytes) arrived = { bytes, at: Date.now() };
      if (Date.now() - arrived.at >= stallMs) throw new Error(`nothing arrived for ${stallMs / 1000} s`);
      await sleep(250, undefined, { signal });
    }
  } finally {
    child.kill('SIGKILL');
  }
}

async function progressIn(folder: string): Promise<{ complete?: string; bytes: number }> {
  let bytes = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.endsWith('.downloading')) return { complete: path, bytes };
    bytes += (await stat(path)).size;
  }
  return { bytes };
}

/** The innermost cause: the SDK prints the whole chain of them in one line, outermost first. */
function reasonIn(stderr: string): string {
  const line = stderr.split('\n').find((candidate) => /error|fail/i.test(candidate)) ?? stderr.trim();
  const causes = line.replace(/\]\s*$/, '').split(': ');
  return causes.slice(-2).join(': ') || 'the download ended without a file';
}
