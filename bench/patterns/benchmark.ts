import { fileURLToPath } from 'node:url';
import type { Baton } from 'batonjs';
import { bundleWorkflows, createWorker } from 'batonjs/worker';
import { median, round, type Benchmark } from '../benchmark.js';
import { startStack } from '../stack.js';
import * as agents from './agents.js';
import type * as workflows from './workflows.js';

type Name<W extends string> = W extends `${infer N}Pattern` ? N : never;
type Pattern = Name<keyof typeof workflows>;

const PATTERNS: readonly Pattern[] = [
  'parallel',
  'mapAll',
  'route',
  'cascade',
  'bestOf',
  'vote',
  'refine',
  'reconcile',
  'groupChat',
  'plan',
  'handoff',
  'agentTool',
];
/** Times that a pattern and its counterpart are run in turn, for each of the runs asked for. */
const ALTERNATIONS = 10;

interface Measure {
  ms: number;
  /** Of the run and of those below it. */
  events: number;
}

/** What each pattern adds to the same agents called by hand: events of the history, and time. */
export const benchmark: Benchmark = async ({ runs, log }) => {
  const model = new URL('./model-server.ts', import.meta.url);
  const stack = await startStack(model);
  const worker = await createWorker({
    agents,
    models: { bench: { model: 'bench', baseUrl: stack.modelUrl } },
    workflowBundle: await bundleWorkflows(fileURLToPath(new URL('./workflows.ts', import.meta.url))),
    connection: await stack.connect(),
    taskQueue: 'bench',
  });
  const running = worker.run();
  const rows: Record<string, string | number>[] = [];
  const ratios = { time: [] as number[], events: [] as number[] };
  for (const pattern of PATTERNS) {
    const measures = { pattern: [] as Measure[], byHand: [] as Measure[] };
    await measure(stack.baton, `${pattern}Pattern`); // warms up
    await measure(stack.baton, `${pattern}ByHand`);
    for (let run = 1; run <= runs * ALTERNATIONS; run++) {
      measures.byHand.push(await measure(stack.baton, `${pattern}ByHand`));
      measures.pattern.push(await measure(stack.baton, `${pattern}Pattern`));
    }
    const of = (list: Measure[], field: keyof Measure) => median(list.map((one) => one[field]));
    const time = of(measures.pattern, 'ms') / of(measures.byHand, 'ms');
    const events = of(measures.pattern, 'events') / of(measures.byHand, 'events');
    ratios.time.push(time);
    ratios.events.push(events);
    const row = {
      pattern,
      events: of(measures.pattern, 'events'),
      eventsByHand: of(measures.byHand, 'events'),
      ms: round(of(measures.pattern, 'ms'), 1),
      msByHand: round(of(measures.byHand, 'ms'), 1),
      timeRatio: round(time),
    };
    log(JSON.stringify(row));
    rows.push(row);
  }
  worker.shutdown();
  await running;
  await stack.stop();
  return {
    rows,
    ratios: {
      worst_time_vs_by_hand: round(Math.max(...ratios.time)),
      worst_events_vs_by_hand: round(Math.max(...ratios.events)),
    },
  };
};

async function measure(baton: Baton, orchestration: string): Promise<Measure> {
  const started = performance.now();
  const run = await baton.start<() => Promise<unknown>>(orchestration, undefined as never);
  await run.result();
  const ms = performance.now() - started;
  return { ms, events: await eventsOf(baton, run.id) };
}

/** Events of a run and its children: those are found by their ids, which begin with the run's. */
async function eventsOf(baton: Baton, id: string): Promise<number> {
  const own = await baton.client.workflow.getHandle(id).describe();
  const trace = await baton.run(id).trace();
  const below = await Promise.all(childIds(trace).map((child) => eventsOf(baton, child)));
  return below.reduce((sum, events) => sum + events, own.historyLength);
}

interface Node {
  kind: string;
  workflowId?: string;
  children: Node[];
}

function childIds({ children }: Node): string[] {
  return children.flatMap((span) => (span.kind === 'child' ? [span.workflowId ?? ''] : childIds(span)));
}
