import { median, round } from '../benchmark.js';
import type { Up } from './contender.js';
import { peakResident, residentOfTree } from './resident.js';

export const SHORT_TURNS = 5;
export const RUNS_AT_ONCE = 40;

export interface AtOnce {
  runsPerSecond: number;
  /** The most that the worker's process has had resident so far; the server's now. */
  workerBytes: number;
  serverBytes: number;
}

/** Many short runs at the same time, of the contenders in turn, several times. */
export async function measureAtOnce(
  contenders: readonly Up[],
  { runs, atOnce, log }: { runs: number; atOnce: number; log(line: string): void },
): Promise<Map<string, AtOnce>> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let run = 1; run <= runs; run++) {
    for (const { name, worker } of contenders) {
      const jobs = Array.from({ length: atOnce }, (_, i) => ({
        id: `${name}-at-once-${run}-${i}`,
        turns: SHORT_TURNS,
      }));
      const started = performance.now();
      await Promise.all(jobs.map((job) => worker.ask('run', job)));
      const rate = (atOnce * 1_000) / (performance.now() - started);
      rates.get(name)?.push(rate);
      log(`${name} · ${atOnce} runs at once: ${round(rate, 1)} a second`);
    }
  }
  const results = new Map<string, AtOnce>();
  for (const { name, worker, engine } of contenders) {
    let serverBytes = 0;
    for (const pid of engine.serverPids) serverBytes += await residentOfTree(pid);
    results.set(name, {
      runsPerSecond: median(rates.get(name) ?? []),
      workerBytes: await peakResident(worker.pid),
      serverBytes,
    });
  }
  return results;
}
