import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { executableName } from './cache-dir.js';

/** The version that Baton's measurements and tests were made with (server 1.29.1). */
export const TEMPORAL_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

const REPORT_EVERY_MS = 15_000;

export interface BuildOptions {
  /** Path of the `go` program. */
  go: string;
  /** An existing, empty folder for the result. */
  folder: string;
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Builds the pinned Temporal CLI with Go and returns the file's path. It takes minutes on a small machine;
 * `onProgress` hears every 15 s how long it has been going and what is being compiled. Throws with the last
 * lines of Go's output.
 */
export async function buildTemporal({ go, folder, env, onProgress, signal }: BuildOptions): Promise<string> {
  onProgress(`Building the Temporal CLI with Go (${TEMPORAL_MODULE}); once per user, it takes minutes`);
  const child = spawn(go, ['install', '-v', TEMPORAL_MODULE], {
    cwd: folder,
    env: nativeBuild(env, folder),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that stopping it takes the compilers along.
    detached: process.platform !== 'win32',
  });
  const started = Date.now();
  const tail: string[] = [];
  let lines = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines += 1;
    tail.push(line);
    if (tail.length > 10) tail.shift();
  });
  const report = setInterval(() => {
    onProgress(
      `Building the Temporal CLI: ${elapsed(started)}, ${lines} steps, now ${tail.at(-1) ?? 'starting'}`,
    );
  }, REPORT_EVERY_MS);
  const stop = () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGTERM');
  };
  signal?.addEventListener('abort', stop);
  process.once('exit', stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal?.throwIfAborted();
    if (code !== 0)
      throw new Error(`go install ended with ${code ?? 'a signal'}: ${tail.slice(-3).join(' | ')}`);
    onProgress(`Built the Temporal CLI in ${elapsed(started)}`);
    return join(folder, executableName('temporal'));
  } finally {
    clearInterval(report);
    signal?.removeEventListener('abort', stop);
    process.off('exit', stop);
  }
}

/** Go refuses GOBIN for a foreign platform, and a workspace around `folder` must not take part. */
function nativeBuild(env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  return { ...rest, GOBIN: folder, GOWORK: 'off', GO111MODULE: 'on' };
}

function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
