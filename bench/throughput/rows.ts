import { round, type BenchmarkResult } from '../benchmark.js';
import type { Compared } from './compare.js';
import type { Contender } from './contenders.js';

/** A row for each contender. */
export function rows(
  measures: ReadonlyMap<Contender, Compared>,
  atOnce: number,
  also: Record<string, string | number> = {},
): BenchmarkResult['rows'] {
  return [...measures].map(([contender, { ms, workerCpu, serverCpu, databaseCpu, msPerTurn }]) => ({
    ...also,
    contender,
    runsPerSecond: round((atOnce * 1_000) / ms, 1),
    workerCpuMsPerRun: round(workerCpu / atOnce, 1),
    serverCpuMsPerRun: round(serverCpu / atOnce, 1),
    ...(databaseCpu > 0 ? { databaseCpuMsPerRun: round(databaseCpu / atOnce, 1) } : {}),
    msPerTurnAlone: round(msPerTurn, 1),
  }));
}

/** Of Baton with all as activities, and with all local, against the bare floor. */
export function ratios(measures: ReadonlyMap<Contender, Compared>): Record<string, number> {
  const of = (contender: Contender) => {
    const measure = measures.get(contender);
    if (!measure) throw new Error(`nothing was measured of ${contender}`);
    return measure;
  };
  const floor = of('floor');
  const cpu = ({ workerCpu, serverCpu, databaseCpu }: Compared) => workerCpu + serverCpu + databaseCpu;
  return {
    runs_throughput: round(floor.ms / of('activities').ms),
    local_runs_throughput: round(floor.ms / of('localAll').ms),
    cpu_vs_floor: round(cpu(of('activities')) / cpu(floor)),
    local_cpu_vs_floor: round(cpu(of('localAll')) / cpu(floor)),
    time_vs_floor: round(of('activities').msPerTurn / floor.msPerTurn),
  };
}
