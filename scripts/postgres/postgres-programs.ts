import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { executableOnPath, isExecutable } from '../../src/dev/executable.js';

/** Where Debian and Ubuntu keep the programs of a server, which are not on the PATH. */
const DEBIAN = '/usr/lib/postgresql';

/** The user that a package of Postgres makes. */
const SERVICE_USER = 'postgres';

/** Who a program runs as: the fields of `spawn`, empty for this process's own user. */
export interface RunAs {
  uid?: number;
  gid?: number;
}

/** The folder with `initdb` and `postgres`: the newest of Debian's, else by the PATH. Throws with what to install. */
export async function postgresPrograms(): Promise<string> {
  const versions = await readdir(DEBIAN).catch(() => []);
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const folder = join(DEBIAN, version, 'bin');
    if (await isExecutable(join(folder, 'initdb'))) return folder;
  }
  const initdb = await executableOnPath('initdb', process.env);
  if (initdb) return dirname(initdb);
  throw new Error(
    `There is no Postgres server here: no initdb on the PATH or in ${DEBIAN}.\n` +
      'Try: apt-get install postgresql, or brew install postgresql@16 and its bin folder on the PATH.',
  );
}

/** Postgres refuses to run as root: then it runs as the user `postgres`. Throws where there is none. */
export async function postgresUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  const id = async (flag: string) => Number((await promisify(execFile)('id', [flag, SERVICE_USER])).stdout);
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    throw new Error(
      `Postgres does not run as root, and there is no user ${SERVICE_USER}.\n` +
        `Try: useradd --system ${SERVICE_USER}, or run this as another user.`,
    );
  }
}
