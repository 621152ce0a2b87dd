import type { Benchmark } from '../benchmark.js';
import { startStack } from '../stack.js';
import { AT_ONCE, compare } from './compare.js';
import { ratios, rows } from './rows.js';

/** Many short runs at once, each contender with a worker process of its own; and the processor time of a run, worker and server. */
export const benchmark: Benchmark = async ({ runs, atOnce = AT_ONCE, log }) => {
  const stack = await startStack();
  const measures = await compare(stack, { runs, atOnce, log });
  await stack.stop();
  return { rows: rows(measures, atOnce), ratios: ratios(measures) };
};
