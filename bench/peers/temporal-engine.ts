import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../dist/client.js';
import { findTemporalBinary } from '../../src/dev/temporal-binary.js';
import { startTemporalServer } from '../../src/dev/temporal-server.js';
import type { Engine, Stage } from './contender.js';

/** The server's list of runs is behind by less than this. */
const VISIBLE_MS = 1_000;

/** A Temporal server of its own, as `baton dev` starts it, on a file. */
export async function temporalEngine(
  { folder, modelUrl }: Stage,
  name: string,
  worker: { module: URL; env?: Record<string, string> },
): Promise<Engine> {
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  const { path } = await findTemporalBinary();
  const server = await startTemporalServer({
    binary: path,
    port: 0,
    namespace: 'default',
    dbFile: join(own, 'temporal.db'),
  });
  const baton = await connect({ address: server.address, taskQueue: 'peers' });
  const closed = new Map<string, number>();
  return {
    worker: {
      module: worker.module,
      env: {
        OPENAI_BASE_URL: modelUrl,
        OPENAI_API_KEY: 'none',
        TEMPORAL_ADDRESS: server.address,
        BUNDLE: join(own, 'workflows.js'),
        ...worker.env,
      },
    },
    serverPids: [server.pid],
    /** Bytes of the histories, as the server counts them: of each run of a chain, and of children. */
    async bytesStored() {
      await sleep(VISIBLE_MS);
      let total = 0;
      for await (const { workflowId, runId } of baton.client.workflow.list()) {
        let bytes = closed.get(runId);
        if (bytes === undefined) {
          const { raw, status } = await baton.client.workflow.getHandle(workflowId, runId).describe();
          bytes = Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
          if (status.name !== 'RUNNING') closed.set(runId, bytes);
        }
        total += bytes;
      }
      return total;
    },
    async tearDown() {
      await baton.close();
      await server.stop();
    },
  };
}
