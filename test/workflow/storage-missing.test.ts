import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BatonError } from '../../src/agents/failures.js';
import type { Json } from '../../src/agents/json.js';
import { jest } from '@jest/globals';
import { connect } from '../../src/client.js';
import { bundleFile } from '../support/bundle-file.js';
import { testServer } from '../support/server.js';
import { fetchLog, lastOf, read, withStage } from '../support/storage-stage.js';
import { startWorkerProcess } from '../support/worker-process.js';
import { linesOf } from './fixtures/storage-agents.js';
import type { ask, echo } from './fixtures/storage-workflows.js';

const FIVE_MB = 5_000_000;

// Worker processes are started, one after the other.
jest.setTimeout(180_000);

const aFolder = () => mkdtempSync(join(tmpdir(), 'baton-storage-test-'));

describe('a stored value that is gone', () => {
  it('is a clear failure for the client, and for a model that reads on', async () => {
    const folder = aFolder();
    await withStage({ storage: folder }, async ({ baton, model }) => {
      const gone = () => rmSync(join(folder, 'v0'), { recursive: true });
      const run = await baton.start<typeof echo>('echo', linesOf(FIVE_MB, 'gone') as Json);
      await run.result();
      gone();
      const failed = await run.result().catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(BatonError);
      expect(failed).toMatchObject({ code: 'StorageMissing' });
      expect(String(failed)).toContain(`is not in the folder ${folder}; it was stored on `);
      expect((await run.trace()).status).toBe('completed');

      model.script(
        { reply: fetchLog('gone') },
        {
          reply: (request) => {
            gone();
            return read({})(request);
          },
        },
        { reply: 'without it, then' },
      );
      await (await baton.start<typeof ask>('ask', { agent: 'reader', input: 'a log, please' })).result();
      expect(lastOf(model.requests[2])).toMatch(/Failed: .*is not in the folder/);
    });
  });

  it('fails a run that needs it with what to do, and lets it go on when it is back', async () => {
    const folder = aFolder();
    const { address } = await testServer();
    const taskQueue = `storage-${randomUUID()}`;
    // The worker looks elsewhere: it cannot read what the client has stored.
    await using client = await connect({ address, taskQueue, storage: folder });
    const run = await client.start<typeof echo>('echo', linesOf(FIVE_MB, 'elsewhere') as Json);
    const startWorker = async (storage: string) =>
      startWorkerProcess(
        {
          address,
          taskQueue,
          bundle: await bundleFile(
            fileURLToPath(new URL('./fixtures/storage-workflows.ts', import.meta.url)),
          ),
          agents: fileURLToPath(new URL('./fixtures/storage-agents.ts', import.meta.url)),
          models: { small: { model: 'small' } },
        },
        { BATON_STORAGE: storage },
      );
    const lost = await startWorker(aFolder());
    let trace = await run.trace();
    for (let i = 0; trace.stuck === undefined && i < 100; i++) {
      await delay(100);
      trace = await run.trace();
    }
    expect(trace.stuck?.message).toMatch(/is not in the folder .*; it was stored on /);
    await lost.end();
    const found = await startWorker(folder);
    expect(await run.result()).toBe(linesOf(FIVE_MB, 'elsewhere'));
    await found.end();
  });
});
