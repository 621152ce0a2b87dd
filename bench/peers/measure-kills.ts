import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../benchmark.js';
import type { Contender, Engine } from './contender.js';
import type { Job } from './job.js';
import type { OwnStage } from './stage.js';
import { WorkerProcess } from './worker-process.js';

const TURNS = 6;
const TOOL_MS = 30;
/** Without a tool call for so long, a run does not go on. */
const STALLED_MS = 120_000;
/** For what needs a call of the application: so long it is seen that nothing happens without. */
const IDLE_MS = 15_000;

export interface Kills {
  kills: number;
  /** `yes`, or what is needed. */
  goesOn: string;
  /** From the kill to the next tool call of the run, with the start of another worker process. */
  goesOnMs: number;
  /** Of that, the start of the process. */
  startMs: number;
  /** Runs that ended right. */
  ended: number;
  /** Of the calls in which the worker was killed, those that were made again. */
  killedCallsTwice: number;
  /** Of all other tool calls, those made again. */
  otherCallsTwice: number;
  /** Model requests beyond one a turn. */
  requestsTwice: number;
}

function within<T>(ms: number, what: Promise<T>): Promise<T | undefined> {
  return Promise.race([what, sleep(ms, undefined, { ref: false })]);
}

/** Kills the worker's process in the middle of a tool call, starts another one at once, and sees what becomes of the run. */
export async function measureKills(
  { stage, engine, kills, log }: { stage: OwnStage; engine: Engine; kills: number; log(line: string): void },
  { name, resumes = false }: Contender,
): Promise<Kills> {
  const toolLog = join(stage.folder, `${name}-tool-calls`);
  const module = {
    ...engine.worker,
    env: { ...engine.worker.env, TOOL_LOG: toolLog, TOOL_MS: String(TOOL_MS) },
  };
  let worker = await WorkerProcess.start(module);
  await engine.joined?.(worker);
  await worker.ask('run', { id: `${name}-before-kills`, turns: 2 });
  const goesOnMs: number[] = [];
  const startMs: number[] = [];
  const sum = { ended: 0, killedCallsTwice: 0, otherCallsTwice: 0, requestsTwice: 0 };
  let goesOn = 'yes';
  for (let kill = 0; kill < kills; kill++) {
    const job: Job = { id: `${name}-kill-${kill}`, turns: TURNS };
    const turn = 1 + (kill % (TURNS - 2));
    // Its answer goes with the process.
    worker.ask('run', job).catch(() => undefined);
    await worker.toolCall(job.id, turn);
    await sleep(TOOL_MS / 2);
    const killedAt = performance.now();
    await worker.kill();
    worker = await WorkerProcess.start(module);
    startMs.push(performance.now() - killedAt);
    await engine.joined?.(worker);
    let ended = worker.ask('wait', job);
    ended.catch(() => undefined);
    const patience = resumes ? (kill === 0 ? IDLE_MS : 0) : STALLED_MS;
    let wentOnAt = await within(patience, worker.toolCall(job.id));
    let waited = 0;
    if (wentOnAt === undefined) {
      goesOn = resumes ? 'when the application calls it again' : 'no';
      // An application that calls it as soon as it is up: the time that was spent watching does not count.
      waited = patience;
      if (resumes) ended = worker.ask('resume', job);
      ended.catch(() => undefined);
      wentOnAt = await within(STALLED_MS, worker.toolCall(job.id));
    }
    goesOnMs.push((wentOnAt ?? NaN) - killedAt - waited);
    const failure = await ended.then(
      () => undefined,
      (error: Error) => error.message,
    );
    const calls = (await readFile(toolLog, 'utf8'))
      .split('\n')
      .filter((line) => line.startsWith(`${job.id} `));
    const killed = calls.filter((line) => line === `${job.id} ${turn}`).length;
    const { requests } = await stage.requestsOf(job.id);
    const missing = Array.from({ length: TURNS }, (_, i) => `${job.id} ${i}`).filter(
      (call) => !calls.includes(call),
    );
    if (failure === undefined && missing.length === 0) sum.ended++;
    if (killed > 1) sum.killedCallsTwice++;
    sum.otherCallsTwice += calls.length - killed - (TURNS - 1 - missing.length);
    sum.requestsTwice += requests - (TURNS + 1);
    log(
      `${name} · kill ${kill + 1}: goes on after ${Math.round(goesOnMs.at(-1) ?? NaN)} ms, ` +
        `${calls.length} tool calls, ${requests} requests${failure === undefined ? '' : `, failed: ${failure}`}`,
    );
  }
  await worker.kill();
  return { kills, goesOn, goesOnMs: median(goesOnMs), startMs: median(startMs), ...sum };
}
