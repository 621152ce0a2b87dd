import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { startFullServer, type FullServer } from '../../../scripts/postgres/full-server.js';
import { postgresPrograms } from '../../../scripts/postgres/postgres-programs.js';
import { cachedServerPrograms } from '../../../scripts/postgres/server-programs.js';
import { SEARCH_ATTRIBUTE } from '../../../src/agents/names.js';

const programs = await cachedServerPrograms();
const ready = programs && (await postgresPrograms().catch(() => undefined));
if (!ready)
  console.warn(
    'No Postgres, or no full Temporal server, which npm run postgres builds: its tests are skipped.',
  );
const withServer = ready ? describe : describe.skip;

const folder = mkdtempSync(join(tmpdir(), 'baton-full-'));
let server: FullServer | undefined;
let connection: Connection | undefined;

afterAll(async () => {
  await connection?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

withServer('startFullServer', () => {
  it('takes work, has the shards that were asked for, and keeps runs over restarts of server and Postgres', async () => {
    server = await startFullServer({ folder, historyShards: 8 });
    connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection });
    const handle = await client.workflow.start('waits', { taskQueue: 'none', workflowId: 'kept' });
    const { historyShardCount, persistenceStore } = await connection.workflowService.getClusterInfo({});
    expect({ historyShardCount, persistenceStore }).toEqual({
      historyShardCount: 8,
      persistenceStore: 'postgres12',
    });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(customAttributes).toHaveProperty(SEARCH_ATTRIBUTE);

    await server.postgres.restart('immediate');
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await server.restart();
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  }, 180_000);

  it('refuses another number of shards for the same data', async () => {
    await server?.stop();
    server = undefined;
    await expect(startFullServer({ folder, historyShards: 4 })).rejects.toThrow('has 8 history shards');
  }, 180_000);
});

(programs ? describe : describe.skip)('deploy/dynamicconfig.yaml', () => {
  it('holds settings that this server knows, of the types that it takes', async () => {
    const file = join(import.meta.dirname, '../../../deploy/dynamicconfig.yaml');
    const { stdout } = await promisify(execFile)(programs?.server ?? '', ['validate-dynamic-config', file]);
    // It says each file's name, and below it what is wrong.
    expect(stdout.trim()).toBe(file);
  });
});
