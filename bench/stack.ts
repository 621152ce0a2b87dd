import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import { connect, type Baton } from 'batonjs';
import { findTemporalBinary } from '../src/dev/temporal-binary.js';
import { startTemporalServer } from '../src/dev/temporal-server.js';

/** What benchmarks run on: a Temporal server, as `baton dev` starts it on a file by default, and a model server without latency. */
export interface Stack {
  /** A connection for one worker: two on one task queue need two. */
  connect(): Promise<NativeConnection>;
  baton: Baton;
  modelUrl: string;
  /** Of the server: `host:port`. */
  address: string;
  /** Processes of the server and of its database, whose children belong to them; the embedded server has no database. */
  serverPids(): number[];
  databasePids(): number[];
  /** For files of the benchmark; it is removed at the end. */
  folder: string;
  stop(): Promise<void>;
}

export interface Server {
  address: string;
  pids(): number[];
  databasePids?(): number[];
  stop(): Promise<void>;
}

/** The embedded default; or a development server with Temporal's own settings. */
export function embedded(tuned = true): (folder: string) => Promise<Server> {
  return async (folder) => {
    const { path } = await findTemporalBinary();
    const server = await startTemporalServer({
      binary: path,
      port: 0,
      namespace: 'default',
      dbFile: join(folder, 'temporal.db'),
      tuned,
    });
    return { address: server.address, pids: () => [server.pid], stop: () => server.stop() };
  };
}

/** @param modelServer module of the model server; default: the one of the benchmark `turns` */
export async function startStack(
  modelServer = new URL('./turns/model-server.ts', import.meta.url),
  startServer = embedded(),
): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  const server = await startServer(folder);
  const model = fork(fileURLToPath(modelServer), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (!model.stdout) throw new Error('the model server has no output');
  const [line] = (await once(model.stdout, 'data')) as [Buffer];
  const modelUrl = line.toString().trim();
  process.env.OPENAI_BASE_URL = modelUrl;
  const connections: NativeConnection[] = [];
  const baton = await connect({ address: server.address, taskQueue: 'bench' });
  return {
    async connect() {
      const connection = await NativeConnection.connect({ address: server.address });
      connections.push(connection);
      return connection;
    },
    baton,
    modelUrl,
    address: server.address,
    serverPids: () => server.pids(),
    databasePids: () => server.databasePids?.() ?? [],
    folder,
    async stop() {
      model.kill();
      await baton.close();
      for (const connection of connections) await connection.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
