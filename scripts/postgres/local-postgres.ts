import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { endWithThisProcess } from '../../src/dev/child-lifetime.js';
import { freePort, LOOPBACK } from '../../src/dev/free-port.js';
import { ServerLog } from '../../src/dev/server-log.js';
import { postgresPrograms, postgresUser, type RunAs } from './postgres-programs.js';

/**
 * How Postgres ends. `fast` breaks off what its clients do and closes its files; after `immediate`, as after a crash, the next
 * start recovers from the log.
 */
export type StopMode = 'fast' | 'immediate';

const STOP_SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const satisfies Record<
  StopMode,
  NodeJS.Signals
>;

export interface PostgresOptions {
  /** Holds the cluster, its password, its socket and its log; made if absent. On the same folder the data is there again. */
  folder: string;
  /** A free one by default; the same one after `restart`. */
  port?: number | undefined;
  /** Further settings of Postgres, as `{ max_connections: 300 }`. */
  settings?: Record<string, string | number> | undefined;
}

export interface LocalPostgres {
  /** Of the database `postgres`, as its superuser. */
  readonly url: string;
  readonly password: string;
  readonly port: number;
  /** Of the present process: another one after `restart`. */
  readonly pid: number;
  stop(mode?: StopMode): Promise<void>;
  /** Stops it and starts it on the same port, and resolves when it answers. */
  restart(mode?: StopMode): Promise<void>;
}

/** For a client on the loopback interface after a crash's recovery, on a busy machine. */
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** A path of a Unix socket has at most 107 bytes; Postgres appends `/.s.PGSQL.12345`. */
const LONGEST_SOCKET_FOLDER = 90;
/** Temporal's pools, a fleet of workers and the tests. */
const MAX_CONNECTIONS = 300;

/**
 * Starts a Postgres of one's own in a folder: on the loopback interface and on a socket in the folder, with a password made for
 * it. As root it runs as the user `postgres`. It ends with this process. Throws with what to install where there is no
 * Postgres, and with the end of its log where it does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const [programs, runAs] = await Promise.all([postgresPrograms(), postgresUser()]);
  const folder = resolve(options.folder);
  await prepareFolder(folder, runAs);
  const password = await initialise({ programs, folder, runAs });
  const port = options.port || (await freePort());
  const url = `postgres://postgres:${password}@${LOOPBACK}:${port}/postgres`;
  const start = () => launch({ programs, folder, runAs, port, url, settings: options.settings ?? {} });

  let running = await start();
  const stop = (mode: StopMode = 'fast') => running.stop(mode);
  return {
    url,
    password,
    port,
    get pid() {
      return running.pid;
    },
    stop,
    async restart(mode) {
      await stop(mode);
      running = await start();
    },
  };
}

/** As root the folder goes to the user that Postgres runs as. */
async function prepareFolder(folder: string, { uid, gid }: RunAs): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (uid === undefined || gid === undefined) return;
  await chown(folder, uid, gid);
  for (let parent = dirname(folder); parent !== dirname(parent); parent = dirname(parent)) {
    const { mode } = await stat(parent);
    if (mode & 0o001) continue;
    // `mkdtemp` makes folders that nobody else may enter.
    if (!parent.startsWith(`${resolve(tmpdir())}/`))
      throw new Error(
        `Postgres runs as the user postgres here, which may not enter ${parent}.\n` +
          'Try: a folder elsewhere, as in /var/tmp.',
      );
    await chmod(parent, mode | 0o001);
  }
}

interface Cluster {
  programs: string;
  folder: string;
  runAs: RunAs;
}

/** Makes the cluster, unless it is there, and gives its password. */
async function initialise({ programs, folder, runAs }: Cluster): Promise<string> {
  const passwordFile = join(folder, 'password');
  const data = join(folder, 'data');
  if (await stat(data).catch(() => undefined)) return (await readFile(passwordFile, 'utf8')).trim();
  const password = randomBytes(18).toString('hex');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(passwordFile, runAs.uid, runAs.gid);
  // Under another name until it is whole: one that was killed here begins anew.
  const unfinished = `${data}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await promisify(execFile)(
    join(programs, 'initdb'),
    [
      ...['--pgdata', unfinished, '--username', 'postgres', '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C'],
    ],
    { cwd: folder, ...runAs },
  );
  await rename(unfinished, data);
  return password;
}

interface Launch extends Cluster {
  port: number;
  url: string;
  settings: Record<string, string | number>;
}

interface Running {
  pid: number;
  stop(mode: StopMode): Promise<void>;
}

async function launch({ programs, folder, runAs, port, url, settings }: Launch): Promise<Running> {
  const all = {
    listen_addresses: LOOPBACK,
    port,
    unix_socket_directories: folder.length > LONGEST_SOCKET_FOLDER ? '' : folder,
    max_connections: MAX_CONNECTIONS,
    ...settings,
  };
  const log = new ServerLog(join(folder, 'log'));
  const child = spawn(
    join(programs, 'postgres'),
    [
      '-D',
      join(folder, 'data'),
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // Not in the terminal's group: at Ctrl-C its clients end first.
    { cwd: folder, stdio: ['ignore', log.stdio, log.stdio], detached: true, ...runAs },
  );
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  void exited.then(() => log.close());
  endWithThisProcess(child, STOP_SIGNALS.fast);
  const stop = async (mode: StopMode) => {
    child.kill(STOP_SIGNALS[mode]);
    await exited;
  };
  try {
    await answers(url, child);
  } catch (error) {
    await stop('immediate');
    throw new Error(`Postgres did not start on port ${port}.\n${log.tail()}`, { cause: error });
  }
  return { pid: child.pid ?? 0, stop };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    // A connection that breaks is reported by `connect`, and again as an event.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch (error) {
      const ended = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() > deadline) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(POLL_MS);
  }
}
