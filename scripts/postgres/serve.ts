// The full Temporal server on Postgres, until Ctrl-C: npm run postgres [-- --folder DIR --port N --history-shards N]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPortFree } from '../../src/dev/free-port.js';
import { SERVER_VERSION } from './server-programs.js';
import { startForPeople } from './start-for-people.js';

/** Where clients and workers look by default. */
const STANDARD_PORT = 7233;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string' },
    'history-shards': { type: 'string' },
    'retention-days': { type: 'string' },
  },
});

const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'baton-postgres-')));
const free = (await isPortFree(STANDARD_PORT)) ? STANDARD_PORT : undefined;
const server = await startForPeople({
  folder,
  port: number('port', values.port) ?? free,
  historyShards: number('history-shards', values['history-shards']),
  retentionDays: number('retention-days', values['retention-days']),
});

console.log(`Temporal ${SERVER_VERSION} on Postgres at ${server.address} (namespace default, ${server.historyShards} history shards)
Postgres: ${server.postgres.url}
Data and logs: ${folder}${values.folder ? '' : ', deleted at the end; keep them by --folder'}
A worker:  TEMPORAL_ADDRESS=${server.address} npx baton worker
A client:  TEMPORAL_ADDRESS=${server.address} npx baton list
Ctrl-C stops it.`);

await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
});
console.log('Stopping');
await server.stop();
if (values.folder === undefined) await rm(folder, { recursive: true, force: true });

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`--${name} takes a whole number above 0, not ${text}`);
  return process.exit(2);
}
