import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DevError } from './dev-error.js';
import { executableOnPath, isExecutable } from './executable.js';
import { withInstallLock } from './install-lock.js';
import { buildTemporal } from './temporal-build.js';
import { downloadTemporal } from './temporal-download.js';

export interface InstallOptions {
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
  signal?: AbortSignal | undefined;
  downloadStallMs: number;
  /** Throws if the installed file doesn't run. */
  verify: (path: string) => Promise<unknown>;
}

/** How a binary came to its place; `cache` means that another process put it there meanwhile. */
type Source = 'download' | 'built' | 'cache';

/** The folder of an install is in use for minutes; an hour old, it was left by a process that was killed. */
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * Puts a Temporal CLI at `target`: downloaded, else built with Go. The file appears whole or not at all, and
 * processes that install at once wait for the first. Throws `TemporalBinaryUnavailable` with what was tried.
 */
export async function installInto(target: string, options: InstallOptions): Promise<Source> {
  const { onProgress, signal } = options;
  await mkdir(dirname(target), { recursive: true });
  return withInstallLock<Source>(`${target}.lock`, () => install(target, options), {
    done: async () => ((await isExecutable(target)) ? 'cache' : undefined),
    onWait: (holder) => onProgress(`Process ${holder} is installing the Temporal CLI; waiting for it`),
    signal,
  });
}

async function install(target: string, options: InstallOptions): Promise<Source> {
  const { env, onProgress, signal, downloadStallMs: stallMs } = options;
  await removeAbandoned(dirname(target));
  const failures: string[] = [];
  const attempt = async (what: string, get: (folder: string) => Promise<string>): Promise<boolean> => {
    try {
      await getInFolder(target, get, options.verify);
      return true;
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      onProgress(`No Temporal CLI by ${failures.at(-1)}`);
      return false;
    }
  };

  if (stallMs > 0) {
    const get = (folder: string) => downloadTemporal({ folder, onProgress, signal, stallMs });
    if (await attempt('download', get)) return 'download';
  }
  const go = await executableOnPath('go', env);
  if (go) {
    const get = (folder: string) => buildTemporal({ go, folder, env, onProgress, signal });
    if (await attempt('build with Go', get)) return 'built';
  } else {
    failures.push('build with Go: there is no go on the PATH');
  }
  throw new DevError(
    'TemporalBinaryUnavailable',
    `There is no Temporal CLI here, and none could be had (${failures.join('; ')}).`,
    'Install the Temporal CLI (https://docs.temporal.io/cli), or Go, and try again; or set BATON_TEMPORAL_BIN ' +
      'to a temporal program, or TEMPORAL_ADDRESS to the address of a running server.',
  );
}

async function getInFolder(
  target: string,
  get: (folder: string) => Promise<string>,
  verify: (path: string) => Promise<unknown>,
): Promise<void> {
  const folder = await mkdtemp(join(dirname(target), '.installing-'));
  try {
    const path = await get(folder);
    await chmod(path, 0o755);
    await verify(path);
    await rename(path, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith('.installing-')) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
