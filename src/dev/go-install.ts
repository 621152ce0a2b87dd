import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const REPORT_EVERY_MS = 15_000;

export interface GoInstallOptions {
  /** Path of the `go` program. */
  go: string;
  /** What is built, for people. */
  what: string;
  /** Packages with one version, as `example.org/module/cmd/name@v1.2.3`. */
  packages: readonly string[];
  /** An existing, empty folder for the results. */
  folder: string;
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Builds programs with Go. It takes minutes on a small machine; `onProgress` hears every 15 s how long it has been
 * going and what is being compiled. Throws with the last lines of Go's output.
 */
export async function goInstall(options: GoInstallOptions): Promise<void> {
  const { go, what, packages, folder, env, onProgress, signal } = options;
  onProgress(`Building ${what} with Go (${packages.join(', ')}); once per user, it takes minutes`);
  const child = spawn(go, ['install', '-v', ...packages], {
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
    onProgress(`Building ${what}: ${elapsed(started)}, ${lines} steps, now ${tail.at(-1) ?? 'starting'}`);
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
    onProgress(`Built ${what} in ${elapsed(started)}`);
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
