import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from '../benchmark.js';
import type { PageArguments } from './job.js';

/**
 * The tool. With `TOOL_LOG` it notes each of its executions in that file before it works for `TOOL_MS`, and tells the process
 * that started this one.
 */
export async function page({ turn, bytes, run }: PageArguments): Promise<string> {
  const { TOOL_LOG: log, TOOL_MS: ms } = process.env;
  if (log !== undefined) {
    appendFileSync(log, `${run} ${turn}\n`);
    process.send?.({ kind: 'tool', run, turn });
  }
  if (ms !== undefined) await sleep(Number(ms));
  return text(bytes, turn + 1000);
}
