import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LOOPBACK } from '../../src/dev/free-port.js';
import type { LocalPostgres } from './local-postgres.js';

/** The two databases of a Temporal server, and the schemas in them, as the SQL tool calls those. */
export const DATABASES = { main: 'temporal', visibility: 'temporal_visibility' } as const;

const SCHEMAS = {
  [DATABASES.main]: 'postgresql/v12/temporal',
  [DATABASES.visibility]: 'postgresql/v12/visibility',
} as const;

/** Makes Temporal's databases anew, with empty version tables. What is there is dropped. */
export async function createDatabases(tool: string, postgres: LocalPostgres): Promise<void> {
  for (const database of Object.values(DATABASES)) {
    await run(tool, postgres, database, ['drop-database', '--force']);
    await run(tool, postgres, database, ['create-database']);
    await run(tool, postgres, database, ['setup-schema', '--version', '0.0']);
  }
}

/** Brings the schemas to the version of the tool, which is the server's. */
export async function updateSchemas(tool: string, postgres: LocalPostgres): Promise<void> {
  for (const [database, schema] of Object.entries(SCHEMAS))
    await run(tool, postgres, database, ['update-schema', '--schema-name', schema]);
}

async function run(tool: string, postgres: LocalPostgres, database: string, args: string[]): Promise<void> {
  await promisify(execFile)(tool, args, {
    env: {
      SQL_PLUGIN: 'postgres12',
      SQL_HOST: LOOPBACK,
      SQL_PORT: String(postgres.port),
      SQL_USER: 'postgres',
      SQL_PASSWORD: postgres.password,
      SQL_DATABASE: database,
    },
    maxBuffer: 64 * 1024 * 1024,
  });
}
