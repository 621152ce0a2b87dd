import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './contender.js';
import type { OwnStage } from './stage.js';
import { peakResident } from './resident.js';
import { WorkerProcess } from './worker-process.js';

export interface Limit {
  /** Tool calls that the run made. */
  turns: number;
  /** How it ended: `ended`, `not reached in …`, or the failure. */
  how: string;
  /** Bytes of the longest model request. */
  longestRequest: number;
  workerPeak: number;
}

/** One run of many turns, in a worker process of its own: how many it makes, and how it fails. */
export async function measureLimit(
  { stage, engine, turns, ms }: { stage: OwnStage; engine: Engine; turns: number; ms: number },
  name: string,
): Promise<Limit> {
  const toolLog = join(stage.folder, `${name}-turns`);
  const worker = await WorkerProcess.start({
    ...engine.worker,
    env: { ...engine.worker.env, TOOL_LOG: toolLog },
  });
  await engine.joined?.(worker);
  const job = { id: `${name}-limit`, turns };
  const how = await Promise.race([
    worker.ask('run', job).then(
      () => 'ended',
      (error: Error) => error.message.split('\n')[0] ?? 'failed',
    ),
    sleep(ms, `not reached in ${Math.round(ms / 1000)} s`, { ref: false }),
  ]);
  const workerPeak = await peakResident(worker.pid);
  await worker.kill();
  const lines = (await readFile(toolLog, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  const { longest } = await stage.requestsOf(job.id);
  return { turns: new Set(lines).size, how, longestRequest: longest, workerPeak };
}
