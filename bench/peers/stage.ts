import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres, type LocalPostgres } from '../../scripts/postgres/local-postgres.js';
import type { Stage } from './contender.js';

export interface OwnStage extends Stage {
  /** Model requests of a run, and the bytes of the longest. */
  requestsOf(run: string): Promise<{ requests: number; longest: number }>;
  stop(): Promise<void>;
}

export async function startStage(): Promise<OwnStage> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-peers-'));
  // Postgres runs as another user where this is root.
  await chmod(folder, 0o755);
  const model = fork(fileURLToPath(new URL('./model-server.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [origin] = (await once(model, 'message')) as [string];
  let postgres: Promise<LocalPostgres> | undefined;
  return {
    folder,
    modelUrl: `${origin}/v1`,
    async database(name) {
      postgres ??= startPostgres({ folder: join(folder, 'postgres') });
      const { url, pid } = await postgres;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`create database "${name}"`);
      await client.end();
      const own = new URL(url);
      own.pathname = `/${name}`;
      return { url: own.href, pid };
    },
    async requestsOf(run) {
      const response = await fetch(`${origin}/runs/${run}`);
      return (
        ((await response.json()) as { requests: number; longest: number } | null) ?? {
          requests: 0,
          longest: 0,
        }
      );
    },
    async stop() {
      model.kill();
      await (await postgres)?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
