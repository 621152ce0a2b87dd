import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fetchHistory } from 'batonjs';
import { median, round, type BenchmarkResult } from '../benchmark.js';
import type { Stack } from '../stack.js';
import type { Job } from './job.js';

/** From this number of turns on a history does not hold them, and tenths of a run are compared. */
export const LONG = 1_000;
/** Beyond it one run of each is measured: it has turns enough to compare. */
const MANY = 5_000;
const RESULT_BYTES = 2_000;
const WARM_UP = 400;
const MODEL_ACTIVITIES: readonly string[] = ['baton_turn', 'callModel'];

type Contender = 'baton' | 'floor';

/** A tenth of a run, by its turns. */
interface Tenth {
  msPerTurn: number;
  bytesPerTurn: number;
  rss: number;
}

/**
 * One agent for thousands of turns, against a loop with constant inputs that is continued as new as well: time and bytes of a
 * turn, and memory of the worker, tenth by tenth.
 */
export async function measureLong(
  stack: Stack,
  {
    turns,
    runs,
    code,
    log,
  }: { turns: readonly number[]; runs: number; code: string; log(line: string): void },
): Promise<BenchmarkResult> {
  const bundle = join(stack.folder, 'workflows.js');
  await writeFile(bundle, code);
  const rows: BenchmarkResult['rows'] = [];
  const ratios: Record<string, number[]> = { ms: [], bytes: [], rss: [], floor: [] };
  for (const count of turns) {
    const all: Record<Contender, Tenth[][]> = { baton: [], floor: [] };
    for (let run = 1; run <= (count > MANY ? 1 : runs); run++) {
      for (const contender of ['floor', 'baton'] as const) {
        const tenths = await measure(stack, contender, count, bundle);
        all[contender].push(tenths);
        log(
          `${contender} · ${count} turns · run ${run}: ${tenths.map(({ msPerTurn }) => round(msPerTurn, 1)).join(' ')} ms a turn`,
        );
      }
    }
    const tenths = { baton: medians(all.baton), floor: medians(all.floor) };
    for (const contender of ['floor', 'baton'] as const) {
      tenths[contender].forEach(({ msPerTurn, bytesPerTurn, rss }, i) =>
        rows.push({
          turns: count,
          contender,
          tenth: i + 1,
          msPerTurn: round(msPerTurn, 1),
          bytesPerTurn: Math.round(bytesPerTurn),
          workerMB: round(rss / 1e6, 0),
        }),
      );
    }
    const of = (field: keyof Tenth) => lastVsFirst(tenths.baton, field);
    ratios.ms?.push(of('msPerTurn'));
    ratios.bytes?.push(of('bytesPerTurn'));
    ratios.rss?.push(of('rss'));
    ratios.floor?.push(sum(tenths.baton) / sum(tenths.floor));
  }
  const worst = (of: string) => round(Math.max(...(ratios[of] ?? [])));
  return {
    rows,
    ratios: {
      ms_last_vs_first: worst('ms'),
      bytes_last_vs_first: worst('bytes'),
      rss_last_vs_first: worst('rss'),
      bytes_vs_floor: worst('floor'),
    },
  };
}

async function measure(stack: Stack, contender: Contender, turns: number, bundle: string): Promise<Tenth[]> {
  const worker = await startWorker(stack, bundle);
  try {
    // What is loaded and compiled once is no part of a turn.
    await walk(stack, contender, WARM_UP);
    const id = await walk(stack, contender, turns);
    return await tenthsOf(stack, id, worker.samples);
  } finally {
    await worker.stop();
  }
}

async function walk({ baton }: Stack, contender: Contender, turns: number): Promise<string> {
  const job: Job = { turns, resultBytes: RESULT_BYTES, agents: 1 };
  const run =
    contender === 'floor'
      ? await baton.start<(job: Job) => Promise<number>>('floorInRuns', job)
      : await baton.start<(run: object) => Promise<unknown>>('agent', {
          agent: 'reader',
          input: `agent 0: turns=${turns} bytes=${RESULT_BYTES}`,
        });
  await run.result();
  return run.id;
}

interface Sample {
  at: number;
  rss: number;
}

async function startWorker({ address, modelUrl }: Stack, bundle: string) {
  const module = fileURLToPath(new URL('./long-worker.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', module, address, modelUrl, bundle],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const samples: Sample[] = [];
  const lines = createInterface(child.stdout);
  await once(lines, 'line');
  lines.on('line', (line) => {
    const [at = 0, rss = 0] = line.split(' ').map(Number);
    samples.push({ at, rss });
  });
  return {
    samples,
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** The turns of a chain of runs; the bytes of each run are spread over its turns. */
async function tenthsOf({ baton }: Stack, id: string, samples: readonly Sample[]): Promise<Tenth[]> {
  const { client } = baton;
  const { runIds } = await baton.run(id).trace({ children: false });
  const turns: { at: number; bytes: number }[] = [];
  let end = 0;
  for (const runId of runIds) {
    const { raw } = await client.workflow.getHandle(id, runId).describe();
    const events = await fetchHistory(client, id, runId);
    const times = events.flatMap(({ activityTaskScheduledEventAttributes: scheduled, eventTime }) =>
      MODEL_ACTIVITIES.includes(scheduled?.activityType?.name ?? '') ? [millis(eventTime)] : [],
    );
    const bytes = Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) / times.length;
    turns.push(...times.map((at) => ({ at, bytes })));
    end = millis(events.at(-1)?.eventTime);
  }
  const size = Math.floor(turns.length / 10);
  return Array.from({ length: 10 }, (_, i) => {
    const own = turns.slice(i * size, (i + 1) * size);
    const from = own[0]?.at ?? 0;
    const to = turns[(i + 1) * size]?.at ?? end;
    return {
      msPerTurn: (to - from) / own.length,
      bytesPerTurn: own.reduce((total, { bytes }) => total + bytes, 0) / own.length,
      rss: median(samples.filter(({ at }) => at >= from && at < to).map(({ rss }) => rss)),
    };
  });
}

function millis(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}

function medians(all: readonly Tenth[][]): Tenth[] {
  return (all[0] ?? []).map((_, i) => {
    const of = (field: keyof Tenth) => median(all.map((tenths) => tenths[i]?.[field] ?? NaN));
    return { msPerTurn: of('msPerTurn'), bytesPerTurn: of('bytesPerTurn'), rss: of('rss') };
  });
}

function lastVsFirst(tenths: readonly Tenth[], field: keyof Tenth): number {
  return (tenths.at(-1)?.[field] ?? NaN) / (tenths[0]?.[field] ?? NaN);
}

function sum(tenths: readonly Tenth[]): number {
  return tenths.reduce((total, { bytesPerTurn }) => total + bytesPerTurn, 0);
}
