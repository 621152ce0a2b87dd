import { setTimeout as delay } from 'node:timers/promises';
import { SEARCH_ATTRIBUTE } from '../../src/agents/names.js';
import { findTemporalBinary } from '../../src/dev/temporal-binary.js';
import { startTemporalServer, type TemporalServer } from '../../src/dev/temporal-server.js';

/** A Temporal server on a file that can be stopped and started again. */
export interface RestartableServer {
  readonly address: string;
  readonly restarts: number;
  restart(how: 'SIGTERM' | 'SIGKILL', downMs: number): Promise<void>;
  stop(): Promise<void>;
}

const TRIES = 20;

export async function startServer(dbFile: string, logFile: string): Promise<RestartableServer> {
  const { path } = await findTemporalBinary();
  const start = (port: number) =>
    startTemporalServer({
      binary: path,
      dbFile,
      logFile,
      port,
      namespace: 'default',
      searchAttributes: { [SEARCH_ATTRIBUTE]: 'KeywordList' },
    });
  let server: TemporalServer = await start(0);
  const { address } = server;
  const port = Number(address.split(':').at(-1));
  let restarts = 0;
  return {
    address,
    get restarts() {
      return restarts;
    },
    async restart(how, downMs) {
      if (how === 'SIGKILL') {
        process.kill(server.pid, 'SIGKILL');
        await server.exited;
      } else await server.stop();
      await delay(downMs);
      for (let tries = 1; ; tries++) {
        try {
          server = await start(port);
          break;
        } catch (error) {
          // Connections of before may hold the port for a moment.
          if (tries === TRIES) throw error;
          await delay(500);
        }
      }
      restarts++;
    },
    stop: () => server.stop(),
  };
}
