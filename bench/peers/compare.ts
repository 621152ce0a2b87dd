import { readFile } from 'node:fs/promises';
import { round, type BenchmarkOptions, type BenchmarkResult } from '../benchmark.js';
import type { Contender, Engine, Up } from './contender.js';
import { contenders } from './contenders.js';
import { measureAlone, type Alone } from './measure-alone.js';
import { measureAtOnce, RUNS_AT_ONCE, SHORT_TURNS, type AtOnce } from './measure-at-once.js';
import { measureKills } from './measure-kills.js';
import { measureLimit } from './measure-limit.js';
import { startStage, type OwnStage } from './stage.js';
import { WorkerProcess } from './worker-process.js';

const DEFAULT_TURNS = [10, 50, 100, 200, 400];
const DEFAULT_KILLS = 20;
const DEFAULT_LIMIT = 3_000;
const LIMIT_MS = 180_000;
const WARM_UP_MS = 60_000;

type Rows = BenchmarkResult['rows'];

/** Not measured: a row of its own says why. */
const LEFT_OUT: Rows = [
  { contender: 'ai-sdk', measure: 'left out', note: '@temporalio/ai-sdk needs Node ≥ 22.12' },
];

export async function compare({
  runs,
  turns = DEFAULT_TURNS,
  only,
  kills = DEFAULT_KILLS,
  limit = DEFAULT_LIMIT,
  atOnce: many = RUNS_AT_ONCE,
  log,
}: BenchmarkOptions): Promise<BenchmarkResult> {
  const chosen = contenders.filter(({ name }) => only === undefined || only.includes(name));
  if (chosen.length === 0)
    throw new Error(`--only names none of ${contenders.map(({ name }) => name).join(', ')}`);
  const stage = await startStage();
  const rows: Rows = [];
  /** What goes wrong with one is said in its row, and the others go on. */
  const orSay = async <T>(name: string, measure: string, work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      const note = error instanceof Error ? error.message : String(error);
      log(`${name}: ${note}`);
      rows.push({ contender: name, measure, note });
      return undefined;
    }
  };
  const engines = new Map<Contender, Engine>();
  const up: Up[] = [];
  for (const contender of chosen) {
    const { name, killsOnly } = contender;
    const engine = await orSay(name, 'left out', contender.setUp(stage));
    if (!engine) continue;
    const worker = killsOnly ? undefined : await orSay(name, 'left out', warm(contender, engine));
    if (!killsOnly && !worker) continue;
    engines.set(contender, engine);
    if (worker) up.push({ name, engine, worker });
  }

  const alone = await measureAlone(up, { turns, runs, log });
  const atOnce = await measureAtOnce(up, { runs, atOnce: many, log });
  for (const { name, worker } of up) {
    rows.push(...(alone.get(name) ?? []).map((result) => rowOfRun(name, result)));
    const result = atOnce.get(name);
    if (result) rows.push(rowOfMany(name, result));
    await worker.kill();
  }
  for (const [contender, engine] of engines) {
    const { name, killsOnly } = contender;
    if (kills > 0) {
      const row = await orSay(name, 'kills', killsRow(contender, { stage, engine, kills, log }));
      if (row) rows.push(row);
    }
    if (limit > 0 && !killsOnly) {
      const row = await orSay(name, 'limit', limitRow(name, { stage, engine, turns: limit }));
      if (row) rows.push(row);
    }
    await engine.tearDown();
  }
  await stage.stop();
  for (const { name, packages } of engines.keys()) {
    if (packages.length > 0)
      rows.push({ contender: name, measure: 'versions', note: await versionsOf(packages) });
  }
  return { rows: [...rows, ...(only === undefined ? LEFT_OUT : [])], ratios: ratiosOf(alone, atOnce) };
}

/** A worker that has run. What is bundled at a first start is bundled by another process: it takes memory. */
async function warm({ name }: Contender, engine: Engine): Promise<WorkerProcess> {
  await (await WorkerProcess.start(engine.worker)).kill();
  const worker = await WorkerProcess.start(engine.worker);
  await engine.joined?.(worker);
  await worker.askFor(WARM_UP_MS, 'run', { id: `${name}-warm-up`, turns: 3 });
  return worker;
}

function rowOfRun(contender: string, { turns, ms, bytes, died }: Alone): Rows[number] {
  const row = { contender, measure: 'one run', turns };
  if (died !== undefined) return { ...row, note: `died: ${died}` };
  return { ...row, msPerTurn: round(ms / turns, 1), storedMB: round(bytes / 1e6, 3) };
}

function rowOfMany(contender: string, { runsPerSecond, workerBytes, serverBytes }: AtOnce): Rows[number] {
  return {
    contender,
    measure: 'many at once',
    turns: SHORT_TURNS,
    runsPerSecond: round(runsPerSecond, 1),
    workerMB: Math.round(workerBytes / 1e6),
    serverMB: Math.round(serverBytes / 1e6),
  };
}

async function killsRow(
  contender: Contender,
  given: { stage: OwnStage; engine: Engine; kills: number; log(line: string): void },
): Promise<Rows[number]> {
  const { goesOn, goesOnMs, startMs, ...counts } = await measureKills(given, contender);
  return {
    contender: contender.name,
    measure: 'kills',
    goesOnByItself: goesOn,
    goesOnMs: Math.round(goesOnMs),
    startMs: Math.round(startMs),
    ...counts,
  };
}

async function limitRow(
  name: string,
  given: { stage: OwnStage; engine: Engine; turns: number },
): Promise<Rows[number]> {
  const { turns, how, longestRequest, workerPeak } = await measureLimit({ ...given, ms: LIMIT_MS }, name);
  return {
    contender: name,
    measure: 'limit',
    turns,
    note: how,
    longestRequestMB: round(longestRequest / 1e6, 2),
    workerMB: Math.round(workerPeak / 1e6),
  };
}

/** Baton over each other one, at the most turns that both reached. */
function ratiosOf(
  alone: ReadonlyMap<string, Alone[]>,
  atOnce: ReadonlyMap<string, AtOnce>,
): Record<string, number> {
  const ratios: Record<string, number> = {};
  const others = [...alone.keys()].filter((name) => !name.startsWith('baton'));
  for (const own of ['baton', 'baton-local']) {
    for (const name of others) {
      const peer = name.replaceAll('-', '_');
      const prefix = own === 'baton' ? `peer_${peer}` : `peer_${peer}_local`;
      const mine = (alone.get(own) ?? []).filter(({ died }) => died === undefined);
      const theirs = (alone.get(name) ?? []).filter(({ died }) => died === undefined);
      const last = theirs.findLast(({ turns }) => mine.some((result) => result.turns === turns));
      const same = mine.find(({ turns }) => turns === last?.turns);
      if (last && same) {
        ratios[`${prefix}_ms_vs_baton`] = round(same.ms / last.ms);
        ratios[`${prefix}_bytes_vs_baton`] = round(same.bytes / last.bytes);
      }
      const rates = [atOnce.get(own), atOnce.get(name)].map((result) => result?.runsPerSecond);
      if (rates[0] !== undefined && rates[1] !== undefined)
        ratios[`${prefix}_throughput`] = round(rates[0] / rates[1]);
    }
  }
  return ratios;
}

async function versionsOf(packages: readonly string[]): Promise<string> {
  const versions = packages.map(async (name) => {
    const file = new URL(`./node_modules/${name}/package.json`, import.meta.url);
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    return `${name} ${version}`;
  });
  return (await Promise.all(versions)).join(', ');
}
