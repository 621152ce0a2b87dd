import { setTimeout as delay } from 'node:timers/promises';
import { round, type Benchmark, type BenchmarkResult } from '../benchmark.js';
import { cpuMs } from '../cpu.js';
import { onPostgres } from '../postgres/on-postgres.js';
import { startStack, type Stack } from '../stack.js';
import { AT_ONCE, compare } from '../throughput/compare.js';
import { rows } from '../throughput/rows.js';

const SHARDS = [1, 4, 64];
/** How long the server is watched while it has nothing to do. */
const IDLE_MS = 20_000;

/** The full server on Postgres with few history shards and with many: what it does under load, and what it costs when it is idle. */
export const benchmark: Benchmark = async ({ runs, atOnce = AT_ONCE, log }) => {
  const list: BenchmarkResult['rows'] = [];
  const throughput = new Map<number, number>();
  for (const shards of SHARDS) {
    const stack = await startStack(undefined, onPostgres(log, shards));
    const idleCores = await idle(stack);
    const measures = await compare(stack, {
      runs,
      atOnce,
      contenders: ['floor', 'activities'],
      log: (line) => log(`${shards} shards · ${line}`),
    });
    await stack.stop();
    list.push(...rows(measures, atOnce, { shards, idleCores }));
    throughput.set(shards, atOnce / (measures.get('activities')?.ms ?? NaN));
  }
  const one = throughput.get(1) ?? NaN;
  const ratios: Record<string, number> = {};
  for (const [shards, rate] of throughput)
    if (shards > 1) ratios[`shards${shards}_vs_1_throughput`] = round(rate / one);
  return { rows: list, ratios };
};

/** Cores that server and database take while nothing runs. */
async function idle(stack: Stack): Promise<number> {
  const pids = [...stack.serverPids(), ...stack.databasePids()];
  const before = cpuMs(pids);
  await delay(IDLE_MS);
  return round((cpuMs(pids) - before) / IDLE_MS, 3);
}
