import { fileURLToPath } from 'node:url';
import { fetchHistory } from 'batonjs';
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
/** With a model that takes its time, a workflow task with local activities is long. */
const SLOW: Job = { ...ALONE, turns: 6, modelMs: 2_000 };
const SLOW_CONTENDERS = ['floor', 'floorLocal', 'activities', 'localTools', 'localAll'] as const;

interface Measure {
  ms: number;
  /** Of one history. */
  events: number;
  bytes: number;
  /** Completed ones: a long one is kept alive by completing it, and each such heartbeat is one. */
  workflowTasks: number;
}

/**
 * Where turns and tool calls run: all as activities, tools as local activities, all as local activities; against a bare workflow
 * with an activity for each model call and each tool call. With `--turns 20,200` one run of each length. And a few turns of a
 * model that takes 2 s, with a bare workflow of local activities beside, whose workflow tasks need heartbeats.
 */
export const benchmark: Benchmark = async ({
  runs,
  turns = [ALONE.turns, LONG.turns],
  atOnce: count = RUNS_AT_ONCE,
  log,
}) => {
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
  for (const length of turns) {
    const job = { ...ALONE, turns: length };
    lengths.push({ job, measures: await compare(runs, (contender) => alone(stack, contender, job), log) });
  }
  const slow: { contender: string; measure: Measure }[] = [];
  for (const contender of SLOW_CONTENDERS) {
    // One run of each: what is measured is mostly the model's time.
    const measure = await alone(stack, contender, SLOW);
    slow.push({ contender, measure });
    log(`${contender} · model of ${SLOW.modelMs} ms: ${JSON.stringify(measure)}`);
  }
  const together = await compare(runs, (contender) => atOnce(stack, contender, count), log);
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
      ...slow.map(({ contender, measure: { ms, events, bytes, workflowTasks } }) => ({
        contender,
        runs: 1,
        turns: SLOW.turns,
        modelMs: SLOW.modelMs ?? 0,
        // A final answer follows the turns, and takes the model as long.
        msPerTurn: round(ms / (SLOW.turns + 1), 1),
        eventsPerTurn: round(events / (SLOW.turns + 1), 1),
        workflowTasksPerTurn: round(workflowTasks / (SLOW.turns + 1), 1),
        bytesPerTurn: round(bytes / (SLOW.turns + 1), 0),
      })),
      ...CONTENDERS.map((contender) => ({
        contender,
        runs: count,
        turns: AT_ONCE.turns,
        msPerTurn: round(together[contender].ms / AT_ONCE.turns / count, 1),
        runsPerSecond: round((count * 1_000) / together[contender].ms, 1),
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
    workflowTasks: median(list.map(({ workflowTasks }) => workflowTasks)),
  });
  const { floor, activities, localTools, localAll } = all;
  return {
    floor: medians(floor),
    activities: medians(activities),
    localTools: medians(localTools),
    localAll: medians(localAll),
  };
}

async function alone(
  { baton }: Stack,
  contender: Contender | (typeof SLOW_CONTENDERS)[number],
  job: Job,
): Promise<Measure> {
  const started = performance.now();
  const run = await baton.start<(job: Job) => Promise<number>>(contender, job);
  await run.result();
  const ms = performance.now() - started;
  const { raw } = await baton.client.workflow.getHandle(run.id).describe();
  const { historyLength, historySizeBytes } = raw.workflowExecutionInfo ?? {};
  const history = await fetchHistory(baton.client, run.id);
  const workflowTasks = history.filter((event) => event.workflowTaskCompletedEventAttributes).length;
  return {
    ms: Math.round(ms),
    events: Number(historyLength),
    bytes: Number(historySizeBytes),
    workflowTasks,
  };
}

async function atOnce({ baton }: Stack, contender: Contender, count: number): Promise<Measure> {
  const started = performance.now();
  const runs = await Promise.all(
    Array.from({ length: count }, () => baton.start<(job: Job) => Promise<number>>(contender, AT_ONCE)),
  );
  await Promise.all(runs.map((run) => run.result()));
  return { ms: Math.round(performance.now() - started), events: 0, bytes: 0, workflowTasks: 0 };
}
