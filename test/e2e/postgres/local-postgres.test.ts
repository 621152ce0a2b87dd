import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres, type LocalPostgres } from '../../../scripts/postgres/local-postgres.js';
import { postgresPrograms } from '../../../scripts/postgres/postgres-programs.js';
import { isAlive } from '../../support/is-alive.js';

const found = await postgresPrograms().catch(() => undefined);
if (!found) console.warn('No Postgres here: its tests are skipped.');
const withPostgres = found ? describe : describe.skip;

const folder = mkdtempSync(join(tmpdir(), 'baton-pg-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<object>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function isGone(pid: number): Promise<boolean> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(100)) {
    if (!isAlive(pid)) return true;
  }
  return false;
}

withPostgres('startPostgres', () => {
  const started: LocalPostgres[] = [];
  afterAll(async () => {
    for (const postgres of started) await postgres.stop('immediate');
  });

  it('keeps what was written, over a crash, a restart and on the same folder again', async () => {
    const cluster = join(folder, 'kept');
    const postgres = await startPostgres({ folder: cluster });
    started.push(postgres);
    const { port, pid } = postgres;
    await query(postgres.url, 'create table kept as select 1 as n');
    await postgres.restart('immediate');
    expect(postgres.port).toBe(port);
    expect(postgres.pid).not.toBe(pid);
    await query(postgres.url, 'insert into kept values (2)');
    await postgres.stop();
    const again = await startPostgres({ folder: cluster });
    started.push(again);
    expect(await query(again.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('wants its password', async () => {
    const postgres = await startPostgres({ folder: join(folder, 'closed') });
    started.push(postgres);
    const url = `postgres://postgres:guess@127.0.0.1:${postgres.port}/postgres`;
    await expect(query(url, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('names what stands in the way where it cannot start', async () => {
    const cluster = join(folder, 'twice');
    started.push(await startPostgres({ folder: cluster }));
    await expect(startPostgres({ folder: cluster })).rejects.toThrow('postmaster.pid');
  });

  it('ends with its parent, also when that is killed and clients are connected', async () => {
    const parent = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'postgres-parent.ts'), join(folder, 'orphan')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    parent.kill('SIGKILL');
    expect(await isGone(Number(line))).toBe(true);
  });
});
