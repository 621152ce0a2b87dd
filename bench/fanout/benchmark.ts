import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { fetchHistory, type Baton } from 'batonjs';
import { bundleWorkflows, createWorker } from 'batonjs/worker';
import { median, round, type Benchmark } from '../benchmark.js';
import { startStack } from '../stack.js';
import * as agents from '../turns/agents.js';
import type { FanOut } from './workflows.js';

type Contender = 'baton' | 'batonChildren' | 'byHand';
const CONTENDERS: readonly Contender[] = ['byHand', 'baton', 'batonChildren'];

interface Measure {
  ms: number;
  /** Results that came. */
  results: number;
  /** Of the parent's history. */
  events: number;
  bytes: number;
  /** Bytes of the events that the commands of one workflow task of the parent became, at most. */
  largestTask: number;
}

/**
 * A thousand agent runs of three turns from one `mapAll`, against a bare workflow that does the same with child workflows of
 * its own, so many at once in both.
 */
export const benchmark: Benchmark = async ({ runs, log }) => {
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
  const job: FanOut = { items: 1_000, turns: 2, resultBytes: 400, concurrency: 100 };
  const measures = new Map<Contender, Measure[]>(CONTENDERS.map((contender) => [contender, []]));
  for (const contender of CONTENDERS) await measure(stack.baton, contender, { ...job, items: 120 }); // warms up
  for (let run = 1; run <= runs; run++) {
    for (const contender of CONTENDERS) {
      const result = await measure(stack.baton, contender, job);
      measures.get(contender)?.push(result);
      log(`${contender} · run ${run}: ${JSON.stringify(result)}`);
    }
  }
  worker.shutdown();
  await running;
  await stack.stop();
  const of = (contender: Contender, field: keyof Measure) =>
    median((measures.get(contender) ?? []).map((result) => result[field]));
  return {
    rows: CONTENDERS.map((contender) => ({
      contender,
      results: Math.min(...(measures.get(contender) ?? []).map(({ results }) => results)),
      runsPerSecond: round((job.items * 1_000) / of(contender, 'ms'), 1),
      parentEvents: of(contender, 'events'),
      parentKB: round(of(contender, 'bytes') / 1e3, 0),
      largestTaskKB: round(of(contender, 'largestTask') / 1e3, 0),
    })),
    ratios: {
      runs_throughput: round(of('byHand', 'ms') / of('baton', 'ms')),
      children_runs_throughput: round(of('byHand', 'ms') / of('batonChildren', 'ms')),
    },
  };
};

async function measure(baton: Baton, contender: Contender, job: FanOut): Promise<Measure> {
  const started = performance.now();
  const run = await baton.start<(job: FanOut) => Promise<number>>(contender, job);
  const results = await run.result();
  const ms = performance.now() - started;
  const events = await fetchHistory(baton.client, run.id);
  return { ms, results, ...sizes(events) };
}

type Event = proto.temporal.api.history.v1.IHistoryEvent;

function sizes(events: readonly Event[]): Pick<Measure, 'events' | 'bytes' | 'largestTask'> {
  const byTask = new Map<string, number>();
  let bytes = 0;
  for (const event of events) {
    const size = proto.temporal.api.history.v1.HistoryEvent.encode(event).finish().length;
    bytes += size;
    const attributes = Object.values(event).find(
      (value: unknown): value is { workflowTaskCompletedEventId: unknown } =>
        typeof value === 'object' && value !== null && 'workflowTaskCompletedEventId' in value,
    );
    if (!attributes) continue;
    const task = String(attributes.workflowTaskCompletedEventId);
    byTask.set(task, (byTask.get(task) ?? 0) + size);
  }
  return { events: events.length, bytes, largestTask: Math.max(...byTask.values()) };
}
