import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { LOOPBACK } from '../../src/dev/free-port.js';
import { ServerProcess } from '../../src/dev/server-process.js';
import { startPostgres, type LocalPostgres } from './local-postgres.js';
import { serverConfig } from './server-config.js';
import { servicePorts } from './service-ports.js';
import { serverPrograms } from './server-programs.js';
import { prepareServer } from './server-ready.js';
import { createDatabases, updateSchemas } from './server-schema.js';

export interface FullServerOptions {
  /** Holds Postgres, the configuration and the logs; made if absent. On the same folder the runs are there again. */
  folder: string;
  /** Fixed for the life of the data (default 4). */
  historyShards?: number | undefined;
  /** Of the gRPC service; a free one by default. */
  port?: number | undefined;
  /** How long closed runs are kept, in days (default 1). */
  retentionDays?: number | undefined;
  /** Hears of a build, which takes minutes the first time. */
  onProgress?: ((line: string) => void) | undefined;
}

export interface FullServer {
  /** `host:port` of the gRPC service. */
  readonly address: string;
  readonly historyShards: number;
  /** Of the present server process: another one after `restart`. */
  readonly pid: number;
  readonly postgres: LocalPostgres;
  /** Stops the server, then Postgres. */
  stop(): Promise<void>;
  /** Stops the server and starts it on the same ports, and resolves when a client can start work. */
  restart(): Promise<void>;
}

const DEFAULT_SHARDS = 4;
const DEFAULT_RETENTION_DAYS = 1;
const NAMESPACE = 'default';
const READY_TIMEOUT_MS = 120_000;

/**
 * Starts the full Temporal server on a Postgres of its own, both on the loopback interface, with the dynamic configuration
 * of `deploy/dynamicconfig.yaml`, and resolves when a client can start work in the namespace `default`. They end with this
 * process. Throws with what to install, or with the end of the log of what did not start.
 */
export async function startFullServer(options: FullServerOptions): Promise<FullServer> {
  const { retentionDays = DEFAULT_RETENTION_DAYS } = options;
  const folder = resolve(options.folder);
  const programs = await serverPrograms(options.onProgress ?? (() => undefined));
  await mkdir(folder, { recursive: true });
  const ports = await servicePorts({ port: options.port, file: join(folder, 'ports.json') });
  const address = `${LOOPBACK}:${ports.frontend.grpcPort}`;
  const postgres = await startPostgres({ folder: join(folder, 'postgres') });
  const start = () => launch({ program: programs.server, folder, address, retentionDays });
  try {
    const historyShards = await prepareDatabases(programs.sql, folder, postgres, options.historyShards);
    const config = stringify(serverConfig({ postgres, historyShards, ports }));
    await writeFile(join(folder, 'baton.yaml'), config, { mode: 0o600 });
    let running = await start();
    return {
      address,
      historyShards,
      postgres,
      get pid() {
        return running.pid;
      },
      async stop() {
        await running.stop();
        await postgres.stop();
      },
      async restart() {
        await running.stop();
        running = await start();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Makes the databases of a new folder, updates those of an old one, and gives their number of history shards. */
async function prepareDatabases(
  tool: string,
  folder: string,
  postgres: LocalPostgres,
  wanted: number | undefined,
): Promise<number> {
  // Written when the databases are whole.
  const marker = join(folder, 'history-shards');
  const made = await readFile(marker, 'utf8').then(Number, () => undefined);
  if (made !== undefined && wanted !== undefined && made !== wanted)
    throw new Error(
      `The data in ${folder} has ${made} history shards, which can't be changed.\n` +
        `Try: ${made} history shards, or another folder.`,
    );
  const historyShards = made ?? wanted ?? DEFAULT_SHARDS;
  if (made === undefined) await createDatabases(tool, postgres);
  await updateSchemas(tool, postgres);
  if (made === undefined) await writeFile(marker, String(historyShards));
  return historyShards;
}

interface Launch {
  program: string;
  folder: string;
  address: string;
  retentionDays: number;
}

async function launch({ program, folder, address, retentionDays }: Launch): Promise<ServerProcess> {
  const args = ['--root', folder, '--config', '.', '--env', 'baton', '--allow-no-auth', 'start'];
  const server = new ServerProcess(program, args, join(folder, 'temporal.log'));
  const giveUp = new AbortController();
  const fail = (what: string) =>
    giveUp.abort(new Error(`The Temporal server ${what}.\n${server.log.tail()}`));
  const timer = setTimeout(() => fail(`was not ready after ${READY_TIMEOUT_MS / 1000} s`), READY_TIMEOUT_MS);
  void server.ended.then(fail);
  try {
    await prepareServer({ address, namespace: NAMESPACE, retentionDays, signal: giveUp.signal });
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
