import { fileURLToPath } from 'node:url';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import { bundleWorkflows, createWorker } from 'batonjs/worker';
import { median, round, type Benchmark } from '../benchmark.js';
import { startStack, type Stack } from '../stack.js';
import * as agents from './agents.js';
import type { Job } from './job.js';
import { LONG, measureLong } from './long.js';

type Contender = 'baton' | 'floor' | 'floorSameRequest' | 'full';

interface Measure {
  /** Milliseconds from start to result. */
  ms: number;
  /** Bytes of the history, as the server counts them. */
  bytes: number;
  failed: boolean;
}

const DEFAULT_TURNS = [20, 100, 200];

/**
 * Baton's turns against a hand-written loop that sends the whole conversation each time, and against the floor, the same loop
 * with a constant input; warm (one worker), and cold (two workers, no workflow cache, so that transcripts are read by query).
 * Of thousands of turns, tenths of a run are compared instead, with a floor that is continued as new as well.
 */
export const benchmark: Benchmark = async ({ runs, turns = DEFAULT_TURNS, log }) => {
  const stack = await startStack();
  const bare = await import('./bare-activities.js');
  const workflowBundle = await bundleWorkflows(fileURLToPath(new URL('./workflows.ts', import.meta.url)));
  const long = turns.filter((count) => count >= LONG);
  if (long.length > 0) {
    try {
      return await measureLong(stack, { turns: long, runs, code: workflowBundle.code, log });
    } finally {
      await stack.stop();
    }
  }
  const worker = async (options: Partial<WorkerOptions>) =>
    createWorker({
      agents,
      models: { bench: { model: 'bench', baseUrl: stack.modelUrl } },
      workflowBundle,
      connection: await stack.connect(),
      taskQueue: 'bench',
      worker: { ...options, activities: bare },
    });
  const rows: Record<string, string | number>[] = [];
  const warm = await withWorkers([await worker({})], async () => {
    const results = [];
    for (const count of turns) {
      const job = { turns: count, resultBytes: 2_000, agents: 1 };
      results.push(await compare(stack, job, ['floor', 'full', 'floorSameRequest', 'baton'], runs, log));
    }
    return results;
  });
  const coldJobs: Job[] = [
    ...turns.filter((count) => count <= 20).map((count) => ({ turns: count, resultBytes: 2_000, agents: 1 })),
    { turns: Math.min(20, ...turns), resultBytes: 20_000, agents: 4 },
  ];
  const coldWorkers = await Promise.all([
    worker({ maxCachedWorkflows: 0 }),
    worker({ maxCachedWorkflows: 0 }),
  ]);
  const cold = await withWorkers(coldWorkers, async () => {
    const results = [];
    for (const job of coldJobs) results.push(await compare(stack, job, ['floor', 'baton'], runs, log));
    return results;
  });
  await stack.stop();
  for (const [cache, results] of [
    ['warm', warm],
    ['cold', cold],
  ] as const) {
    for (const { job, measures } of results) {
      for (const [contender, { ms, bytes, failed }] of measures) {
        rows.push({
          cache,
          turns: job.turns,
          agents: job.agents,
          resultBytes: job.resultBytes,
          contender,
          historyMB: failed ? 'died' : round(bytes / 1e6, 3),
          msPerTurn: round(ms / job.turns, 1),
        });
      }
    }
  }
  const largest = warm.at(-1);
  return {
    rows,
    ratios: {
      history_vs_floor: worst(warm, 'bytes'),
      time_vs_floor: worst(warm, 'ms'),
      time_vs_floor_same_request: worst(warm, 'ms', 'floorSameRequest'),
      history_vs_full: largest ? ratio(largest.measures, 'bytes', 'full') : NaN,
      cold_history_vs_floor: worst(cold, 'bytes'),
      cold_time_vs_floor: worst(cold, 'ms'),
    },
  };
};

type Comparison = { job: Job; measures: Map<Contender, Measure> };

/** Runs the contenders in turn, several times, and gives the medians of each. */
async function compare(
  stack: Stack,
  job: Job,
  contenders: Contender[],
  runs: number,
  log: (line: string) => void,
): Promise<Comparison> {
  const all = new Map<Contender, Measure[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await measure(stack, contender, { ...job, turns: 2 }); // warms up
  for (let run = 1; run <= runs; run++) {
    for (const contender of contenders) {
      const result = await measure(stack, contender, job);
      all.get(contender)?.push(result);
      log(
        `${contender} · ${job.turns} turns · ${job.agents} agents · run ${run}: ${Math.round(result.ms)} ms, ${result.bytes} B${result.failed ? ', died' : ''}`,
      );
    }
  }
  const measures = [...all].map(
    ([contender, list]) =>
      [
        contender,
        {
          ms: median(list.map(({ ms }) => ms)),
          bytes: median(list.map(({ bytes }) => bytes)),
          failed: list.some(({ failed }) => failed),
        },
      ] as const,
  );
  return { job, measures: new Map(measures) };
}

async function measure({ baton }: Stack, contender: Contender, job: Job): Promise<Measure> {
  const started = performance.now();
  const run = await baton.start<(job: Job) => Promise<number>>(contender, job);
  const failed = await run.result().then(
    () => false,
    () => true,
  );
  const ms = performance.now() - started;
  const { raw } = await baton.client.workflow.getHandle(run.id).describe();
  return { ms, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0), failed };
}

function ratio(measures: Comparison['measures'], of: 'ms' | 'bytes', other: Contender): number {
  return round((measures.get('baton')?.[of] ?? NaN) / (measures.get(other)?.[of] ?? NaN));
}

function worst(results: readonly Comparison[], of: 'ms' | 'bytes', other: Contender = 'floor'): number {
  return Math.max(...results.map(({ measures }) => ratio(measures, of, other)));
}

async function withWorkers<T>(workers: readonly Worker[], fn: () => Promise<T>): Promise<T> {
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await fn();
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
}
