import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type Baton } from '../../../src/client.js';
import { freePort } from '../../../src/dev/free-port.js';
import { findTemporalBinary } from '../../../src/dev/temporal-binary.js';
import { startTemporalServer, type TemporalServer } from '../../../src/dev/temporal-server.js';
import { bundleFile } from '../../support/bundle-file.js';
import { startWorkerProcess, type WorkerProcess } from '../../support/worker-process.js';
import type * as workflows from '../fixtures/fan-out-workflows.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

describe('approvals in parallel branches and in children', () => {
  let folder: string;
  let port: number;
  let server: TemporalServer;
  let worker: WorkerProcess;
  let baton: Baton;

  async function up(): Promise<void> {
    const { path } = await findTemporalBinary();
    const dbFile = join(folder, 'temporal.db');
    server = await startTemporalServer({ binary: path, port, namespace: 'default', dbFile });
    worker = await startWorkerProcess({
      address: server.address,
      taskQueue: 'baton',
      bundle: await bundleFile(fixture('fan-out-workflows.ts')),
      agents: fixture('agents.ts'),
      models: { small: { model: 'none' }, large: { model: 'none' } },
    });
    baton = await connect({ address: server.address });
  }

  async function down(): Promise<void> {
    await baton.close();
    await worker.end();
    await server.stop();
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-approvals-'));
    port = await freePort();
    await up();
  });

  afterAll(async () => {
    await down();
    await rm(folder, { recursive: true, force: true });
  });

  it('are decided out of order, and across a restart of worker and server', async () => {
    const { id } = await baton.start<typeof workflows.asksEverywhere>('asksEverywhere', undefined as never);
    const waiting = async (count: number) => {
      for (;;) {
        const list = await baton.run(id).approvals({ wait: '30 seconds' });
        if (list.length === count) return new Map(list.map((approval) => [approval.title, approval.id]));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const answer = async (title: string, left: number) => {
      const approval = (await waiting(left)).get(title);
      await baton.run(id).approve({ id: approval ?? '', comment: `said to ${title}` });
    };
    await answer('deep', 4);
    await answer('right', 3);

    await down();
    await up();

    await expect(baton.run(id).approve({ comment: 'to nobody' })).rejects.toThrow(/several approvals wait/);
    await answer('below', 2);
    await answer('left', 1);
    expect(await baton.run(id).result()).toEqual({
      left: 'said to left',
      right: 'said to right',
      below: 'said to below',
      deep: 'said to deep',
    });
  }, 120_000);
});
