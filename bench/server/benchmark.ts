import { round, type Benchmark, type BenchmarkResult } from '../benchmark.js';
import { embedded, startStack } from '../stack.js';
import { AT_ONCE, compare, type Compared } from '../throughput/compare.js';
import { rows } from '../throughput/rows.js';

/** The bare floor on a development server with Temporal's own settings, and on the embedded default. */
export const benchmark: Benchmark = async ({ runs, atOnce = AT_ONCE, log }) => {
  const all: Record<string, Compared> = {};
  const list: BenchmarkResult['rows'] = [];
  for (const [server, tuned] of [
    ['plain', false],
    ['embedded', true],
  ] as const) {
    const stack = await startStack(undefined, embedded(tuned));
    const measures = await compare(stack, {
      runs,
      atOnce,
      contenders: ['floor'],
      log: (line) => log(`${server} · ${line}`),
    });
    await stack.stop();
    list.push(...rows(measures, atOnce, { server }));
    Object.assign(all, { [server]: measures.get('floor') });
  }
  const { plain, embedded: tuned } = all;
  if (!plain || !tuned) throw new Error('nothing was measured');
  return {
    rows: list,
    ratios: {
      embedded_vs_plain_time: round(tuned.msPerTurn / plain.msPerTurn),
      embedded_runs_throughput: round(plain.ms / tuned.ms),
    },
  };
};
