import pg from 'pg';
import type { Engine, Stage } from './contender.js';

/** A database of its own on the Postgres that all share. */
export async function postgresEngine(
  { database, modelUrl }: Stage,
  name: string,
  worker: { module: URL; env?: Record<string, string> },
): Promise<Engine> {
  const { url, pid } = await database(name.replace(/\W/g, '_'));
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  return {
    worker: {
      module: worker.module,
      env: { OPENAI_BASE_URL: modelUrl, OPENAI_API_KEY: 'none', DATABASE_URL: url, ...worker.env },
    },
    serverPids: [pid],
    /** Tables with their indexes and what is stored out of line; not the write-ahead log. */
    async bytesStored() {
      const { rows } = await pool.query<{ bytes: string }>(
        `select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`,
      );
      return Number(rows[0]?.bytes ?? 0);
    },
    tearDown: () => pool.end(),
  };
}
