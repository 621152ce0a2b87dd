import { fileURLToPath } from 'node:url';
import { bundleWorkflows, createWorker } from 'batonjs/worker';
import { median, round, type Benchmark } from '../benchmark.js';
import { startStack, type Stack } from '../stack.js';
import type { Job } from '../turns/job.js';
import * as agents from './agents.js';

const CONTENDERS = ['floor', 'activities', 'localTools', 'localAll'] as const;
type Contender = (typeof CONTENDERS)[number];

/** One run alone, for the time of a turn; and many short ones at once, for throughput. */
const ALONE: Job = { turns: 20, resultBytes: 2_000, agents: 1 };
const LONG: Job = { ...ALONE, turns: 200 };
const AT_ONCE: Job = { ...ALONE, turns: 5 };
const RUNS_AT_ONCE = 200;

interface Measure {
  ms: number;
  /** Of one history. */
  events: number;
  bytes: number;
}

/**
 * Where turns and tool calls run: all as activities, tools as local activities, all as local activities; against a bare workflow
 * with an activity for each model call and each tool call. With `--turns 20,200` one run of each length.
 */
export const benchmark: Benchmark = async ({ runs, turns = [ALONE.turns, LONG.turns], log }) => {
  const stack = await startStack();
  const bare = await import('../turns/bare-activities.js');
  const workflowBundle = await bundleWorkflows(fileURLToPath(new URL('./workflows.ts', import.meta.url)));
  const worker = await createWorker({
    agents,
    models: { bench: { model: 'bench', baseUrl: stack.modelUrl } },
    workflowBundle,
    connection: await stack.connect(),
    taskQueue: 'bench',
    worker: { activities: bare },
  });
  const running = worker.run();
  for (const contender of CONTENDERS) await alone(stack, contender, { ...ALONE, turns: 3 }); // warms up
  const lengths = [];
  for (const count of turns) {
    const job = { ...ALONE, turns: count };
    lengths.push({ job, measures: await compare(runs, (contender) => alone(stack, contender, job), log) });
  }
  const together = await compare(runs, (contender) => atOnce(stack, contender), log);
  worker.shutdown();
  await running;
  await stack.stop();

  const ratio = (measures: Measures, contender: Contender) =>
    round(measures[contender].ms / measures.floor.ms);
  const [first] = lengths;
  const last = lengths.at(-1);
  if (!first || !last) throw new Error('--turns names no number of turns');
  return {
    rows: [
      ...lengths.flatMap(({ job, measures }) =>
        CONTENDERS.map((contender) => ({
          contender,
          runs: 1,
          turns: job.turns,
          msPerTurn: round(measures[contender].ms / job.turns, 1),
          eventsPerTurn: round(measures[contender].events / job.turns, 1),
          bytesPerTurn: round(measures[contender].bytes / job.turns, 0),
        })),
      ),
      ...CONTENDERS.map((contender) => ({
        contender,
        runs: RUNS_AT_ONCE,
        turns: AT_ONCE.turns,
        msPerTurn: round(together[contender].ms / AT_ONCE.turns / RUNS_AT_ONCE, 1),
        runsPerSecond: round((RUNS_AT_ONCE * 1_000) / together[contender].ms, 1),
      })),
    ],
    ratios: {
      activities_vs_floor_time: ratio(first.measures, 'activities'),
      local_tools_vs_floor_time: ratio(first.measures, 'localTools'),
      local_all_vs_floor_time: ratio(first.measures, 'localAll'),
      local_all_vs_floor_time_long: ratio(last.measures, 'localAll'),
      local_tools_runs_throughput: round(together.floor.ms / together.localTools.ms),
      local_all_runs_throughput: round(together.floor.ms / together.localAll.ms),
    },
  };
};

type Measures = Record<Contender, Measure>;

/** Runs the contenders in turn, several times, and gives the medians of each. */
async function compare(
  runs: number,
  measure: (contender: Contender) => Promise<Measure>,
  log: (line: string) => void,
): Promise<Measures> {
  const all: Record<Contender, Measure[]> = { floor: [], activities: [], localTools: [], localAll: [] };
  for (let run = 1; run <= runs; run++) {
    for (const contender of CONTENDERS) {
      const result = await measure(contender);
      all[contender].push(result);
      log(`${contender} · run ${run}: ${JSON.stringify(result)}`);
    }
  }
  const medians = (list: Measure[]): Measure => ({
    ms: median(list.map(({ ms }) => ms)),
    events: median(list.map(({ events }) => events)),
    bytes: median(list.map(({ bytes }) => bytes)),
  });
  const { floor, activities, localTools, localAll } = all;
  return {
    floor: medians(floor),
    activities: medians(activities),
    localTools: medians(localTools),
    localAll: medians(localAll),
  };
}

async function alone({ baton }: Stack, contender: Contender, job: Job): Promise<Measure> {
  const started = performance.now();
  const run = await baton.start<(job: Job) => Promise<number>>(contender, job);
  await run.result();
  const ms = performance.now() - started;
  const { raw } = await baton.client.workflow.getHandle(run.id).describe();
  const { historyLength, historySizeBytes } = raw.workflowExecutionInfo ?? {};
  return { ms: Math.round(ms), events: Number(historyLength), bytes: Number(historySizeBytes) };
}

async function atOnce({ baton }: Stack, contender: Contender): Promise<Measure> {
  const started = performance.now();
  const runs = await Promise.all(
    Array.from({ length: RUNS_AT_ONCE }, () =>
      baton.start<(job: Job) => Promise<number>>(contender, AT_ONCE),
    ),
  );
  await Promise.all(runs.map((run) => run.result()));
  return { ms: Math.round(performance.now() - started), events: 0, bytes: 0 };
}
