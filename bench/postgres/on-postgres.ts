import { join } from 'node:path';
import { startFullServer } from '../../scripts/postgres/full-server.js';
import type { Server } from '../stack.js';

/** The full server, whose folder is removed at the end with the benchmark's. */
export function onPostgres(
  log: (line: string) => void,
  historyShards?: number,
): (folder: string) => Promise<Server> {
  return async (folder) => {
    const server = await startFullServer({
      folder: join(folder, 'postgres'),
      historyShards,
      onProgress: log,
    });
    return {
      address: server.address,
      pids: () => [server.pid],
      databasePids: () => [server.postgres.pid],
      stop: () => server.stop(),
    };
  };
}
