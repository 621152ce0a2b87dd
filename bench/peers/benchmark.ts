import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Benchmark } from '../benchmark.js';

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * The same agent in other frameworks: one tool call a turn, the same model server, a worker process and a store of its own each.
 * `--only langgraph,dbos` chooses; `--kills 0` and `--limit 0` leave out the kills, and the run of many turns. What is compared
 * is installed when it is not there.
 */
export const benchmark: Benchmark = async (options) => {
  if (!existsSync(`${folder}node_modules`)) {
    options.log('installing what is compared, as in bench/peers/package-lock.json');
    execFileSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const { compare } = await import('./compare.js');
  return compare(options);
};
