import type { Benchmark, BenchmarkResult } from '../benchmark.js';
import { startStack } from '../stack.js';
import { AT_ONCE, compare } from '../throughput/compare.js';
import { ratios, rows } from '../throughput/rows.js';
import { onPostgres } from './on-postgres.js';

const WORKERS = [1, 4];

/** As `throughput`, on the full server on Postgres, with one worker process and with several. */
export const benchmark: Benchmark = async ({ runs, atOnce = AT_ONCE, log }) => {
  const stack = await startStack(undefined, onPostgres(log));
  const list: BenchmarkResult['rows'] = [];
  const all: Record<string, number> = {};
  for (const workers of WORKERS) {
    const measures = await compare(stack, {
      runs,
      atOnce,
      workers,
      log: (line) => log(`${workers} workers · ${line}`),
    });
    list.push(...rows(measures, atOnce, { workers }));
    for (const [name, ratio] of Object.entries(ratios(measures))) all[`workers${workers}_${name}`] = ratio;
  }
  await stack.stop();
  return { rows: list, ratios: all };
};
