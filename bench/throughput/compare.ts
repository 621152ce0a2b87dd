import { median } from '../benchmark.js';
import type { Stack } from '../stack.js';
import type { Job } from '../turns/job.js';
import { bundles, NAMES, startWorkers, type Contender, type Measure } from './contenders.js';

export const AT_ONCE = 200;
const JOB: Job = { turns: 5, resultBytes: 2_000, agents: 1 };
/** One run alone, for the time of a turn. */
const ALONE: Job = { ...JOB, turns: 20 };

export interface Compared extends Measure {
  /** Milliseconds of a turn of one run alone. */
  msPerTurn: number;
}

interface CompareOptions {
  runs: number;
  atOnce?: number | undefined;
  contenders?: readonly Contender[];
  /** Worker processes of each contender. */
  workers?: number;
  log(line: string): void;
}

/** Has the contenders do the same load in turn, each with worker processes of its own, and gives the medians of each. */
export async function compare(
  stack: Stack,
  { runs, atOnce = AT_ONCE, contenders = NAMES, workers = 1, log }: CompareOptions,
): Promise<Map<Contender, Compared>> {
  const paths = await bundles(stack);
  const own = [];
  for (const contender of contenders)
    own.push({ contender, workers: await startWorkers(stack, contender, paths, workers) });
  for (const { workers } of own) await workers.measure(JOB, Math.min(50, atOnce)); // warms up
  const all = new Map<Contender, Compared[]>(contenders.map((contender) => [contender, []]));
  for (let run = 1; run <= runs; run++) {
    for (const { contender, workers } of own) {
      const alone = await workers.measure(ALONE, 1);
      const together = await workers.measure(JOB, atOnce);
      all.get(contender)?.push({ ...together, msPerTurn: alone.ms / ALONE.turns });
      log(
        `${contender} · run ${run}: ${Math.round(together.ms)} ms for ${atOnce} runs, CPU ${together.workerCpu} + ${together.serverCpu} + ${together.databaseCpu} ms, ${Math.round(alone.ms / ALONE.turns)} ms a turn alone`,
      );
    }
  }
  for (const { workers } of own) await workers.stop();
  const middle = (list: Compared[], of: keyof Compared) => median(list.map((one) => one[of]));
  return new Map(
    [...all].map(([contender, list]) => [
      contender,
      {
        ms: middle(list, 'ms'),
        workerCpu: middle(list, 'workerCpu'),
        serverCpu: middle(list, 'serverCpu'),
        databaseCpu: middle(list, 'databaseCpu'),
        msPerTurn: middle(list, 'msPerTurn'),
      },
    ]),
  );
}
