import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from 'batonjs/worker';
import { cpuMs } from '../cpu.js';
import type { Stack } from '../stack.js';
import type { Job } from '../turns/job.js';
import type { WorkerJob } from '../worker-main.js';
import { startWorkerProcess, type WorkerProcess } from '../worker-process.js';

/** By workflow type: a bare worker of Temporal's SDK; Baton with all as activities; and with all as local activities. */
export const CONTENDERS = { floor: 'bare', activities: 'baton', localAll: 'baton' } as const satisfies Record<
  string,
  WorkerJob['kind']
>;
export type Contender = keyof typeof CONTENDERS;
export const NAMES: readonly Contender[] = ['floor', 'activities', 'localAll'];

export interface Measure {
  /** From the first start to the last result. */
  ms: number;
  /** Milliseconds of processor time: of the workers, of the server, and of its database. */
  workerCpu: number;
  serverCpu: number;
  databaseCpu: number;
}

export interface Workers {
  /** Runs so many of the job at once. */
  measure(job: Job, atOnce: number): Promise<Measure>;
  stop(): Promise<void>;
}

/** Bundles the workflows as each contender has them. */
export async function bundles({ folder }: Stack): Promise<Record<WorkerJob['kind'], string>> {
  const source = (file: string) => fileURLToPath(new URL(`../placement/${file}`, import.meta.url));
  const made = {
    bare: await bundleWorkflowCode({
      workflowsPath: source('floor.ts'),
      logger: new DefaultLogger('ERROR'),
    }),
    baton: await bundleWorkflows(source('workflows.ts')),
  };
  const paths = { bare: join(folder, 'bare.js'), baton: join(folder, 'baton.js') };
  await writeFile(paths.bare, made.bare.code);
  await writeFile(paths.baton, made.baton.code);
  return paths;
}

/** Starts worker processes for one contender, which no other uses. */
export async function startWorkers(
  stack: Stack,
  contender: Contender,
  paths: Record<WorkerJob['kind'], string>,
  count = 1,
): Promise<Workers> {
  const kind = CONTENDERS[contender];
  const taskQueue = `bench-${contender}-${count}`;
  const { address, modelUrl, baton } = stack;
  const workers: WorkerProcess[] = [];
  for (let i = 0; i < count; i++)
    workers.push(await startWorkerProcess({ kind, address, modelUrl, taskQueue, bundle: paths[kind] }));
  const pids = workers.map(({ pid }) => pid);
  const start = async (job: Job) => {
    if (kind === 'baton') return baton.start<(job: Job) => Promise<number>>(contender, job, { taskQueue });
    const workflowId = `${contender}-${crypto.randomUUID()}`;
    return baton.client.workflow.start(contender, { taskQueue, workflowId, args: [job] });
  };
  return {
    async measure(job, atOnce) {
      const cpu = () => ({
        workers: cpuMs(pids),
        server: cpuMs(stack.serverPids()),
        database: cpuMs(stack.databasePids()),
      });
      const before = cpu();
      const started = performance.now();
      const runs = await Promise.all(Array.from({ length: atOnce }, () => start(job)));
      await Promise.all(runs.map((run) => run.result()));
      const ms = performance.now() - started;
      const after = cpu();
      return {
        ms,
        workerCpu: after.workers - before.workers,
        serverCpu: after.server - before.server,
        databaseCpu: after.database - before.database,
      };
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
