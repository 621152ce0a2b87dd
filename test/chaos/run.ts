/**
 * The chaos suite: many runs of all patterns at once, while workers are killed, servers restarted and a third of the model's answers
 * fail; and then, whether all came out as it must. `npm run chaos [-- --small] [-- --seed N]`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runMixed } from './mixed.js';

const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    seed: { type: 'string' },
    /** `mixed` or `airline`. Default: both. */
    only: { type: 'string' },
    /** Other numbers than those of the size. */
    runs: { type: 'string' },
    kills: { type: 'string' },
    minutes: { type: 'string' },
    /** Keeps the data folder also where all is well. */
    keep: { type: 'boolean', default: false },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
if (!Number.isSafeInteger(seed)) throw new Error(`--seed: "${values.seed}" is no whole number`);

const AIRLINE = fileURLToPath(new URL('./airline/run.ts', import.meta.url));

const failed: string[] = [];
if (values.only !== 'airline') {
  const isRight = await runMixed({
    isSmall: values.small,
    seed,
    keep: values.keep,
    ...(values.runs === undefined ? {} : { runs: Number(values.runs) }),
    ...(values.kills === undefined ? {} : { kills: Number(values.kills) }),
    ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }),
  });
  if (!isRight) failed.push('mixed');
}
if (values.only !== 'mixed' && existsSync(AIRLINE)) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', AIRLINE, '--seed', String(seed), ...(values.small ? ['--small'] : [])],
    { stdio: 'inherit' },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) failed.push('airline');
}
console.log(
  failed.length === 0
    ? `chaos: all right (seed ${seed})`
    : `chaos: WRONG: ${failed.join(', ')} (seed ${seed})`,
);
// What is left open belongs to clients that wait for servers which are gone.
process.exit(failed.length === 0 ? 0 : 1);
