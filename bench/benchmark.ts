export interface BenchmarkOptions {
  /** Runs of each row; the median is given. */
  runs: number;
  /** Numbers of turns to measure, where the benchmark is about turns. */
  turns?: number[];
  /** Names of what is compared; all by default. */
  only?: string[];
  /** Workers to kill, and the most turns to try, where the benchmark does that. */
  kills?: number;
  limit?: number;
  /** Runs at once, where the benchmark is about that. */
  atOnce?: number;
  log(line: string): void;
}

export interface BenchmarkResult {
  rows: Record<string, string | number>[];
  /** Baton over the other: smaller is better, unless the name ends in `_throughput`. */
  ratios: Record<string, number>;
}

export type Benchmark = (options: BenchmarkOptions) => Promise<BenchmarkResult>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** Text that does not compress away: seeded, so that every run has the same. */
export function text(bytes: number, seed: number): string {
  let state = seed * 2654435761 + 1;
  let result = '';
  while (result.length < bytes) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    result += `${state.toString(36)} `;
  }
  return result.slice(0, bytes);
}
