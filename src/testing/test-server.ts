import { randomUUID } from 'node:crypto';
import { NativeConnection } from '@temporalio/worker';
import { connect, type Baton } from '../client.js';
import { SEARCH_ATTRIBUTE } from '../agents/names.js';
import { findTemporalBinary } from '../dev/temporal-binary.js';
import { startTemporalServer } from '../dev/temporal-server.js';
import { createWorker, type BatonWorkerOptions } from '../worker.js';

/** A real Temporal dev server, in memory, for tests. */
export interface TestServer {
  /** `host:port`. */
  readonly address: string;
  /** A client; its runs go to `taskQueue`. */
  connect(taskQueue: string): Promise<Baton>;
  /** Runs a worker on a task queue of its own for as long as `fn` takes. */
  withWorker<T>(
    options: Omit<BatonWorkerOptions, 'connection' | 'taskQueue'>,
    fn: (baton: Baton) => Promise<T>,
  ): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Starts a Temporal dev server, or uses the one at `address`. The server's binary is found, or obtained, as by
 * `baton dev`.
 */
export async function startTestServer({ address: given }: { address?: string } = {}): Promise<TestServer> {
  const started = given === undefined ? await startDevServer() : undefined;
  const address = given ?? started?.address ?? '';
  const connection = await NativeConnection.connect({ address });
  return {
    address,
    connect: (taskQueue) => connect({ address, taskQueue }),
    async withWorker(options, fn) {
      const taskQueue = `test-${randomUUID()}`;
      const worker = await createWorker({ ...options, connection, taskQueue });
      await using baton = await connect({ address, taskQueue });
      return await worker.runUntil(() => fn(baton));
    },
    async stop() {
      await connection.close();
      await started?.stop();
    },
  };
}

async function startDevServer() {
  const { path } = await findTemporalBinary();
  return startTemporalServer({
    binary: path,
    port: 0,
    namespace: 'default',
    searchAttributes: { [SEARCH_ATTRIBUTE]: 'KeywordList' },
  });
}
