import { setTimeout as delay } from 'node:timers/promises';
import type { LocalPostgres } from '../../scripts/postgres/local-postgres.js';
import type { Fleet } from './fleet.js';
import type { ChaosModel } from './model-server.js';
import type { Random } from './random.js';
import type { RestartableServer } from './temporal.js';

/** How often each thing happens. */
export interface Disturbances {
  kills: number;
  serverStops: number;
  postgresRestarts: number;
  pauses: number;
  blackouts: number;
}

export interface Targets {
  fleet: Fleet;
  server: RestartableServer;
  postgres: LocalPostgres;
  model: ChaosModel;
}

/** Milliseconds between two kills. */
const BETWEEN_KILLS = { least: 1_000, most: 5_000 };
/** Longer than the heartbeat time-out of Baton's activities, which is 5 s. */
const PAUSE_MS = 8_000;
const BLACKOUT_MS = 4_000;

/** Does it all at random moments, until the signal, and says each time what it does. */
export async function disturb(
  targets: Targets,
  { kills, ...others }: Disturbances,
  random: Random,
  { say, signal }: { say: (what: string) => void; signal: AbortSignal },
): Promise<void> {
  const { fleet, server, postgres, model } = targets;
  const pick = <T>(from: readonly T[]) => random.pick(from);
  const moments = Array.from({ length: kills }, () =>
    random.between(BETWEEN_KILLS.least, BETWEEN_KILLS.most),
  );
  const total = moments.reduce((sum, ms) => sum + ms, 0);

  const killing = async () => {
    for (const ms of moments) {
      await delay(ms, undefined, { signal });
      // Nobody is there yet to be killed.
      while (!fleet.kill(pick)) await delay(100, undefined, { signal });
    }
  };
  const acts = [
    ...Array.from({ length: others.serverStops }, (_, i) => async () => {
      const how = i % 3 === 2 ? 'SIGKILL' : 'SIGTERM';
      say(`the Temporal server is stopped (${how})`);
      await server.restart(how, random.between(300, 2_500));
      say('the Temporal server is back');
    }),
    ...Array.from({ length: others.postgresRestarts }, (_, i) => async () => {
      say('Postgres is restarted');
      await postgres.restart(i % 2 === 0 ? 'fast' : 'immediate');
    }),
    ...Array.from({ length: others.pauses }, () => async () => {
      say(`a worker is paused for ${PAUSE_MS / 1000} s`);
      while (!(await fleet.pause(pick, PAUSE_MS))) await delay(100, undefined, { signal });
    }),
    ...Array.from({ length: others.blackouts }, () => async () => {
      say(`the first model is down for ${BLACKOUT_MS / 1000} s`);
      model.blackOut(BLACKOUT_MS);
    }),
  ];
  const order = acts.map((act) => ({ act, at: random.next() })).sort((a, b) => a.at - b.at);
  const acting = async () => {
    const began = Date.now();
    for (const [i, { act }] of order.entries()) {
      const due = began + ((i + 0.2 + 0.6 * random.next()) / order.length) * total;
      await delay(Math.max(0, due - Date.now()), undefined, { signal });
      await act();
    }
  };
  const ends = await Promise.allSettled([killing(), acting()]);
  for (const end of ends) if (end.status === 'rejected' && !signal.aborted) throw end.reason;
}
