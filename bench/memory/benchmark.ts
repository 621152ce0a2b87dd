import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from 'batonjs/worker';
import { median, round, type Benchmark } from '../benchmark.js';
import { startStack, type Stack } from '../stack.js';
import { startWorkerProcess } from '../worker-process.js';
import type { HeldJob } from './bare-workflows.js';

/** By workflow type. */
const CONTENDERS = { forgotten: 'bare', kept: 'bare', agent: 'baton' } as const;
type Contender = keyof typeof CONTENDERS;
const NAMES: readonly Contender[] = ['forgotten', 'kept', 'agent'];

const AT_ONCE = 1_000;
const TURNS = 50;
/** Runs at work at once. What so many need while they are at work is there when the idle worker is measured, and belongs to no cached run. */
const WINDOW = 50;
/** Of the worker's cache, beside the runs that are held. */
const SPARE = 50;
/** Enough that each workflow thread gets one. */
const COLLECTIONS = 8;
/** Between two looks at the worker, each of which collects; and what is left after one, where nothing much goes any more. */
const SETTLE_MS = 2_000;
const STEADY = 0.99;

/**
 * Resident bytes of a worker for each run that it holds in its cache: with the runs held open at their end, after a collection of
 * garbage, less what the idle worker had. Against a loop by hand that keeps its conversation, and one that forgets it.
 */
export const benchmark: Benchmark = async ({ runs, atOnce = AT_ONCE, turns = [TURNS], only, log }) => {
  const names = NAMES.filter((name) => only?.includes(name) ?? true);
  const stack = await startStack();
  const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const paths = { bare: join(stack.folder, 'bare.js'), baton: join(stack.folder, 'baton.js') };
  const logger = new DefaultLogger('ERROR');
  const bare = await bundleWorkflowCode({ workflowsPath: source('./bare-workflows.ts'), logger });
  await writeFile(paths.bare, bare.code);
  await writeFile(paths.baton, (await bundleWorkflows(source('./workflows.ts'))).code);
  const rows = [];
  const ratios: Record<string, number> = {};
  for (const count of turns) {
    const all: Partial<Record<Contender, number[]>> = {};
    for (let run = 1; run <= runs; run++) {
      for (const contender of names) {
        const bundle = paths[CONTENDERS[contender]];
        const bytes = await bytesPerRun(stack, { contender, turns: count, atOnce, bundle });
        (all[contender] ??= []).push(bytes);
        log(
          `${contender} · ${atOnce} runs of ${count} turns · run ${run}: ${Math.round(bytes / 1e3)} KB a run`,
        );
      }
    }
    const of = (contender: Contender) => median(all[contender] ?? []);
    for (const contender of names)
      rows.push({ contender, cachedRuns: atOnce, turns: count, kbPerRun: round(of(contender) / 1e3, 0) });
    if (all.agent && all.kept) ratios[`memory_vs_bare_${count}_turns`] = round(of('agent') / of('kept'));
    if (all.agent && all.forgotten)
      ratios[`memory_vs_forgetting_${count}_turns`] = round(of('agent') / of('forgotten'));
  }
  await stack.stop();
  return { rows, ratios };
};

interface Held {
  contender: Contender;
  turns: number;
  atOnce: number;
  bundle: string;
}

async function bytesPerRun(stack: Stack, { contender, turns, atOnce, bundle }: Held): Promise<number> {
  const { address, modelUrl, baton } = stack;
  const taskQueue = `memory-${crypto.randomUUID()}`;
  const options = { maxCachedWorkflows: atOnce + SPARE };
  const kind = CONTENDERS[contender];
  const worker = await startWorkerProcess({ kind, address, modelUrl, taskQueue, bundle, options });
  const start = (workflowType: string, job?: HeldJob) =>
    kind === 'baton'
      ? baton.start<(job: HeldJob | null) => Promise<unknown>>(workflowType, job ?? null, { taskQueue })
      : baton.client.workflow.start(workflowType, {
          taskQueue,
          workflowId: crypto.randomUUID(),
          args: job ? [job] : [],
        });
  const many = (count: number, begin: () => ReturnType<typeof start>) =>
    Promise.all(Array.from({ length: count }, begin));
  const collected = async () => {
    // Pages go back to the system some time after what was on them.
    for (let last = Infinity; ;) {
      const collections = await many(COLLECTIONS, () => start('collect'));
      await Promise.all(collections.map((run) => run.result()));
      await sleep(SETTLE_MS);
      const status = await worker.status();
      if (status.rss > last * STEADY) return status;
      last = status.rss;
    }
  };
  const job: HeldJob = { turns, resultBytes: 2_000, agents: 1, hold: false };
  // They end before the idle worker is measured: what is loaded and compiled once is no run's either.
  const first = await many(WINDOW, () => start(contender, job));
  await Promise.all(first.map((run) => run.result()));
  const idle = await collected();
  let [begun, arrived] = [0, 0];
  while (arrived < atOnce) {
    const room = Math.min(WINDOW - (begun - arrived), atOnce - begun);
    await many(room, () => start(contender, { ...job, hold: true }));
    begun += room;
    await sleep(SETTLE_MS);
    ({ arrived } = await worker.status());
  }
  const held = await collected();
  await worker.stop();
  if (held.cachedWorkflows < atOnce)
    throw new Error(`the worker has ${held.cachedWorkflows} of ${atOnce} runs in its cache`);
  return (held.rss - idle.rss) / atOnce;
}
