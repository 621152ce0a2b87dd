import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, executableName } from './cache-dir.js';
import { DevError } from './dev-error.js';
import { executableOnPath, isExecutable } from './executable.js';
import { installInto } from './temporal-install.js';

export interface TemporalBinary {
  path: string;
  /** Where it came from: `cache` was downloaded or built earlier, `download` and `built` just now. */
  source: 'env' | 'path' | 'cache' | 'download' | 'built';
}

export interface TemporalBinaryOptions {
  env?: NodeJS.ProcessEnv;
  /** Hears a line, now and then, of what a download or a build is doing. */
  onProgress?: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** How long (ms) nothing may arrive before a download is given up for a build; 0 downloads nothing. */
  downloadStallMs?: number;
}

/** Long enough for a slow name server and proxy, short enough to be waited for. */
const DOWNLOAD_STALL_MS = 60_000;

/**
 * The Temporal CLI: `BATON_TEMPORAL_BIN`, else `temporal` on the PATH, else one cached earlier, else the
 * SDK's download, else built with Go. The last two are kept in the cache.
 * Throws `TemporalBinaryMissing` if `BATON_TEMPORAL_BIN` names no executable file, and
 * `TemporalBinaryUnavailable`, with what was tried, if there is no way left.
 */
export async function findTemporalBinary(options: TemporalBinaryOptions = {}): Promise<TemporalBinary> {
  return (await lookForTemporalBinary(options)) ?? (await install(options));
}

/** As `findTemporalBinary`, without looking at the PATH: so that Baton has one of its own. */
export async function installTemporalBinary(options: TemporalBinaryOptions = {}): Promise<TemporalBinary> {
  const env = options.env ?? process.env;
  return (await fromEnv(env)) ?? (await fromCache(env)) ?? (await install(options));
}

/** Which binary there is without installing one, or nothing. Throws `TemporalBinaryMissing`. */
export async function lookForTemporalBinary(
  options: Pick<TemporalBinaryOptions, 'env'> = {},
): Promise<TemporalBinary | undefined> {
  const env = options.env ?? process.env;
  const named = await fromEnv(env);
  if (named) return named;
  const onPath = await executableOnPath('temporal', env);
  return onPath ? { path: onPath, source: 'path' } : await fromCache(env);
}

/** What `temporal --version` says. Throws if the file can't be run. */
export async function temporalVersion(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 30_000 });
  return stdout.trim();
}

async function install(options: TemporalBinaryOptions): Promise<TemporalBinary> {
  const { env = process.env, onProgress = () => undefined, signal } = options;
  const target = cachedBinary(env);
  const source = await installInto(target, {
    env,
    onProgress,
    signal,
    downloadStallMs: options.downloadStallMs ?? DOWNLOAD_STALL_MS,
    verify: temporalVersion,
  });
  return { path: target, source };
}

async function fromEnv(env: NodeJS.ProcessEnv): Promise<TemporalBinary | undefined> {
  const path = env['BATON_TEMPORAL_BIN'];
  if (!path) return undefined;
  if (await isExecutable(path)) return { path, source: 'env' };
  throw new DevError(
    'TemporalBinaryMissing',
    `BATON_TEMPORAL_BIN is ${path}, which is not an executable file.`,
    'Set it to the path of the temporal program, or unset it.',
  );
}

async function fromCache(env: NodeJS.ProcessEnv): Promise<TemporalBinary | undefined> {
  const path = cachedBinary(env);
  return (await isExecutable(path)) ? { path, source: 'cache' } : undefined;
}

function cachedBinary(env: NodeJS.ProcessEnv): string {
  return join(cacheDir(env), 'bin', executableName('temporal'));
}
