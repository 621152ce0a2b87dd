import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, executableName } from '../../src/dev/cache-dir.js';
import { executableOnPath, isExecutable } from '../../src/dev/executable.js';
import { goInstall } from '../../src/dev/go-install.js';
import { withInstallLock } from '../../src/dev/install-lock.js';

/** The version that docker-compose.yml runs, and that the embedded server's CLI holds. */
export const SERVER_VERSION = '1.29.1';

const MODULE = 'go.temporal.io/server';

/** Paths of the full server's programs. */
export interface ServerPrograms {
  server: string;
  /** Makes and updates the schemas; they are in the program. */
  sql: string;
}

const folderOf = (cache: string) => join(cache, `temporal-server-${SERVER_VERSION}`);

/** The programs that are in the user's cache. */
export async function cachedServerPrograms(): Promise<ServerPrograms | undefined> {
  const folder = folderOf(cacheDir(process.env));
  const programs = {
    server: join(folder, executableName('server')),
    sql: join(folder, executableName('sql')),
  };
  const there = await Promise.all(Object.values(programs).map(isExecutable));
  return there.every(Boolean) ? programs : undefined;
}

/**
 * The full Temporal server and its SQL tool from the user's cache; the first time they are built with Go, which takes
 * minutes. Throws with what to install where there is no Go.
 */
export async function serverPrograms(onProgress: (line: string) => void): Promise<ServerPrograms> {
  const there = await cachedServerPrograms();
  if (there) return there;
  const cache = cacheDir(process.env);
  await mkdir(cache, { recursive: true });
  return withInstallLock(`${folderOf(cache)}.lock`, () => build(cache, onProgress), {
    done: cachedServerPrograms,
    onWait: (holder) => onProgress(`Process ${holder} is building the Temporal server; waiting for it`),
  });
}

async function build(cache: string, onProgress: (line: string) => void): Promise<ServerPrograms> {
  const go = await executableOnPath('go', process.env);
  if (!go)
    throw new Error(
      'The full Temporal server is built with Go, and there is no go on the PATH.\n' +
        'Try: install Go (https://go.dev/dl), or run the server by docker compose.',
    );
  const folder = await mkdtemp(join(cache, '.installing-'));
  try {
    await goInstall({
      go,
      what: 'the Temporal server',
      packages: [`${MODULE}/cmd/server@v${SERVER_VERSION}`, `${MODULE}/cmd/tools/sql@v${SERVER_VERSION}`],
      folder,
      env: process.env,
      onProgress,
    });
    await rm(folderOf(cache), { recursive: true, force: true });
    await rename(folder, folderOf(cache));
    const built = await cachedServerPrograms();
    if (!built) throw new Error('go install left no programs of the Temporal server');
    return built;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
