import { setMaxListeners } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import { startPostgres } from '../../scripts/postgres/local-postgres.js';
import { connect, type Baton } from '../../src/client.js';
import { BatonPlugin } from '../../src/worker.js';
import { makeCases, type Case } from './cases.js';
import { checkChecks } from './check-checks.js';
import { checkEffects } from './check-effects.js';
import { checkHistories, exportHistory } from './check-histories.js';
import { checkMoney } from './check-money.js';
import { checkConversations, checkRuns } from './check-runs.js';
import { disturb, type Disturbances } from './disturb.js';
import { drive, type Ended } from './drive.js';
import { createTables, readTables } from './effects-table.js';
import { Fleet } from './fleet.js';
import { startChaosModel } from './model-server.js';
import { Random } from './random.js';
import { startServer } from './temporal.js';
import { tableOf, type Line } from './verdict.js';

interface Size {
  workers: number;
  /** Runs at the same time. */
  atOnce: number;
  /** Runs in all, at most: where one ends another begins for as long as the disturbances go on. */
  atMost: number;
  /** Turns of an errand, of which a run has one to seven. */
  turns: number;
  disturbances: Disturbances;
  /** After so long (ms) what has not ended counts as stuck. */
  within: number;
}

const SIZES = {
  small: {
    workers: 3,
    atOnce: 60,
    atMost: 75,
    turns: 3,
    disturbances: { kills: 8, serverStops: 1, postgresRestarts: 1, pauses: 1, blackouts: 1 },
    within: 150_000,
  },
  full: {
    workers: 4,
    atOnce: 200,
    atMost: 450,
    turns: 5,
    disturbances: { kills: 36, serverStops: 3, postgresRestarts: 2, pauses: 2, blackouts: 3 },
    within: 900_000,
  },
} as const satisfies Record<string, Size>;

/** Share of the model's answers that fail. */
const FAULTS = 0.3;
/**
 * About a fifth of the requests count as a provider that is down, so that by chance five in a row, the default, are rare: the circuits
 * would hardly ever open. Three in a row come often, and a short time closes them again, as the provider is not really down.
 */
const CIRCUITS = { failures: 3, coolDown: '1 second', longestCoolDown: '3 seconds' };
/** Workers must be there after so long (ms). */
const BEGIN_MS = 180_000;
const QUEUE = 'chaos';
const LOCAL = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** @returns whether all was right */
export async function runMixed({
  isSmall,
  seed,
  keep,
  runs,
  kills,
  minutes,
}: {
  isSmall: boolean;
  seed: number;
  keep: boolean;
  /** Other numbers than those of the size. */
  runs?: number;
  kills?: number;
  minutes?: number;
}): Promise<boolean> {
  const size = sizeOf(isSmall ? SIZES.small : SIZES.full, { runs, kills, minutes });
  const began = Date.now();
  const say = (what: string) =>
    console.log(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${what}`);
  const folder = await mkdtemp(join(tmpdir(), 'baton-chaos-'));
  say(`seed ${seed}, data in ${folder}`);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  // Others are needed where something new is begun in the place of what has ended.
  const cases = makeCases(seed, { count: size.atMost, turns: size.turns });
  const treatments = new Map(cases.map(({ id, treatment }) => [id, treatment]));
  const [server, postgres, model, bundle] = await Promise.all([
    startServer(join(folder, 'temporal.db'), join(folder, 'temporal.log')),
    startPostgres({ folder: join(folder, 'postgres') }),
    startChaosModel({
      seed,
      faults: FAULTS,
      treatment: (of) => treatments.get(of) ?? { mayEnd: false, isQuick: false },
    }),
    bundleInto(join(folder, 'bundle.js')),
  ]);
  await createTables(postgres.url);
  const baton = await connect({ address: server.address, taskQueue: QUEUE });
  const fleet = new Fleet(
    size.workers,
    {
      address: server.address,
      taskQueue: QUEUE,
      bundle,
      agents: LOCAL('agents.ts'),
      models: model.models(),
      circuits: CIRCUITS,
    },
    { CHAOS_POSTGRES: postgres.url, CHAOS_KEY: 'chaos' },
    join(folder, 'workers.log'),
  );
  for (const until = Date.now() + BEGIN_MS; fleet.ready < size.workers; await delay(100))
    if (Date.now() > until) throw new Error(`no workers after ${BEGIN_MS / 1000} s: see ${folder}`);
  say(`${size.workers} workers are ready`);

  const deadline = AbortSignal.timeout(size.within);
  // Each run listens to it.
  setMaxListeners(0, deadline);
  const disturbing = { over: false };
  const running = runAll(baton, cases, { size, signal: deadline, isOver: () => disturbing.over });
  const disturbed = disturb(
    { fleet, server, postgres, model },
    size.disturbances,
    new Random(seed, 'disturb'),
    {
      say,
      signal: deadline,
    },
  ).finally(() => {
    disturbing.over = true;
    say(`${fleet.kills} kills, and no more disturbances`);
  });
  const progress = setInterval(
    () => say(`${running.ended.length} of ${running.begun.length} runs ended`),
    15_000,
  );
  await Promise.all([running.all, disturbed]);
  clearInterval(progress);
  const { ended, begun } = running;
  say(
    `${ended.length} of ${begun.length} runs ended, ${model.requests} requests, ${sumOf(model.faults)} of them failed`,
  );
  // What a worker that was paused, or a server that was gone, still holds comes to its end.
  await delay(2_000);
  const stuck = begun.filter((one) => !ended.some(({ of }) => of === one));
  const tables = await readTables(postgres.url);
  const lines: Line[] = [
    disturbanceLine(fleet, server.restarts, size),
    {
      name: 'faults',
      found: `${sumOf(model.faults)} of ${model.requests} requests, in ${model.faults.size} ways`,
      violations: [],
    },
    checkRuns(ended, model),
    {
      name: 'stuck',
      found: `${stuck.length} runs`,
      violations: stuck.map(({ id, kind }) => ({ run: id, what: `${kind} did not end in time` })),
    },
    ...checkEffects(ended, tables, model),
    checkConversations(model),
    checkMoney(ended, model),
    checkChecks(ended, tables, model),
    ...(await checkHistories(baton, {
      bundle,
      expectOpen: new Set(stuck.map(({ id }) => id)),
      paused: fleet.paused,
    })),
  ];
  say('what came of it:');
  console.log(tableOf(lines));
  const isRight = lines.every(({ violations }) => violations.length === 0);
  if (!isRight) {
    await writeDown(baton, lines, folder);
    await writeFile(join(folder, 'faults.json'), JSON.stringify([...model.faults], null, 2));
    await writeFile(join(folder, 'tables.json'), JSON.stringify(tables, null, 1));
  }
  await fleet.stop();
  await model.stop();
  // The client stays open: what still waits for an answer of it would end the process.
  await server.stop();
  await postgres.stop();
  if (isRight && !keep) await rm(folder, { recursive: true, force: true });
  else
    console.log(
      `the data is in ${folder}; again with: npm run chaos -- --seed ${seed}${isSmall ? ' --small' : ''}`,
    );
  console.log(
    `mixed: ${isRight ? 'all right' : 'WRONG'} after ${Math.round((Date.now() - began) / 1000)} s (seed ${seed})`,
  );
  return isRight;
}

function sizeOf(
  size: Size,
  {
    runs,
    kills,
    minutes,
  }: { runs: number | undefined; kills: number | undefined; minutes: number | undefined },
): Size {
  const { atOnce, atMost, within, disturbances } = size;
  return {
    ...size,
    atOnce: runs ?? atOnce,
    atMost: runs ?? atMost,
    within: minutes === undefined ? within : minutes * 60_000,
    disturbances: { ...disturbances, kills: kills ?? disturbances.kills },
  };
}

/** Runs the cases, so many at a time; when the disturbances are over no more are begun. */
function runAll(
  baton: Baton,
  cases: readonly Case[],
  { size, signal, isOver }: { size: Size; signal: AbortSignal; isOver: () => boolean },
) {
  const ended: Ended[] = [];
  const begun: Case[] = [];
  const left = [...cases];
  const lane = async (place: number) => {
    for (let first = true; ; first = false) {
      const next = first || !isOver() ? left.shift() : undefined;
      if (!next || signal.aborted) return;
      begun.push(next);
      try {
        ended.push(await drive(baton, next, signal));
      } catch (error) {
        if (!signal.aborted) console.error(`lane ${place}, ${next.id}:`, error);
      }
    }
  };
  const all = Promise.all(Array.from({ length: size.atOnce }, (_, place) => lane(place)));
  return { ended, begun, all };
}

async function bundleInto(file: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: LOCAL('workflows.ts'),
    plugins: [new BatonPlugin({ agents: {} })],
    logger: new DefaultLogger('ERROR'),
  });
  await writeFile(file, code);
  return file;
}

function disturbanceLine(fleet: Fleet, restarts: number, { disturbances: wanted }: Size): Line {
  const { kills, pauses, ended } = fleet;
  const isDone = kills >= wanted.kills && restarts >= wanted.serverStops && pauses >= wanted.pauses;
  return {
    name: 'disturbances',
    found: `${kills} kills, ${restarts} stops of Temporal, ${wanted.postgresRestarts} of Postgres, ${pauses} pauses, ${ended.length} workers ended by themselves`,
    violations: [
      ...(isDone ? [] : [{ what: 'fewer than there had to be' }]),
      ...ended.map((how) => ({ what: `a worker ended by itself: ${how}` })),
    ],
  };
}

const MOST_HISTORIES = 10;

async function writeDown(baton: Baton, lines: readonly Line[], folder: string): Promise<void> {
  const runs = new Set(lines.flatMap(({ violations }) => violations.flatMap(({ run }) => run ?? [])));
  for (const run of [...runs].slice(0, MOST_HISTORIES)) {
    try {
      console.log(`  history of ${run}: ${await exportHistory(baton, run, folder)}`);
    } catch (error) {
      console.log(`  history of ${run}: ${String(error)}`);
    }
  }
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
