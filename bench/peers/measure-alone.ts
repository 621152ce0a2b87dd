import { median } from '../benchmark.js';
import type { Up } from './contender.js';

/** A run that takes longer is taken as dead. */
const RUN_MS = 600_000;

export interface Alone {
  turns: number;
  ms: number;
  bytes: number;
  /** Why a run died; then the rest says nothing. */
  died?: string;
}

/** One run at a time, of the contenders in turn, several times: medians. Who died is not asked for more turns. */
export async function measureAlone(
  contenders: readonly Up[],
  { turns, runs, log }: { turns: readonly number[]; runs: number; log(line: string): void },
): Promise<Map<string, Alone[]>> {
  const results = new Map<string, Alone[]>(contenders.map(({ name }) => [name, []]));
  const dead = new Set<string>();
  for (const count of turns) {
    const all = new Map<string, Alone[]>(contenders.map(({ name }) => [name, []]));
    for (let run = 1; run <= runs; run++) {
      for (const contender of contenders.filter(({ name }) => !dead.has(name))) {
        const { name } = contender;
        const result = await once(contender, `${name}-${count}-${run}`, count);
        all.get(name)?.push(result);
        if (result.died !== undefined) dead.add(name);
        log(
          `${name} · ${count} turns · run ${run}: ${Math.round(result.ms)} ms, ${result.bytes} B` +
            (result.died === undefined ? '' : `, died: ${result.died}`),
        );
      }
    }
    for (const [name, list] of all) {
      const died = list.find((result) => result.died !== undefined);
      if (list.length === 0) continue;
      results.get(name)?.push(
        died ?? {
          turns: count,
          ms: median(list.map(({ ms }) => ms)),
          bytes: median(list.map(({ bytes }) => bytes)),
        },
      );
    }
  }
  return results;
}

async function once({ engine, worker }: Up, id: string, turns: number): Promise<Alone> {
  const before = await engine.bytesStored();
  const started = performance.now();
  const died = await worker.askFor(RUN_MS, 'run', { id, turns }).then(
    () => undefined,
    (error: Error) => error.message.split('\n')[0] ?? '',
  );
  const ms = performance.now() - started;
  const bytes = (await engine.bytesStored()) - before;
  return { turns, ms, bytes, ...(died === undefined ? {} : { died }) };
}
