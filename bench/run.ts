/**
 * `npm run bench -- NAME [--turns 20,100] [--runs 3] [--at-once 200] [--json]`: runs one benchmark. What is compared is run alternately, and
 * medians are given. With `--json` the last line of standard output is one JSON object.
 */
import { readdir } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Benchmark } from './benchmark.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    turns: { type: 'string' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    kills: { type: 'string' },
    limit: { type: 'string' },
    'at-once': { type: 'string' },
  },
});
const [name = ''] = positionals;
const files = await readdir(new URL('./', import.meta.url), { withFileTypes: true });
const names = files.filter((file) => file.isDirectory() && file.name !== 'results').map((file) => file.name);
if (!names.includes(name)) {
  console.error(`There is no benchmark "${name}". Try: npm run bench -- ${names.join(' | ')}`);
  process.exit(2);
}
// A process has one, whatever number of servers a benchmark starts.
Runtime.install({ logger: new DefaultLogger('ERROR') });
const { benchmark } = (await import(`./${name}/benchmark.ts`)) as { benchmark: Benchmark };
const { rows, ratios } = await benchmark({
  runs: Number(values.runs),
  ...(values.turns === undefined ? {} : { turns: values.turns.split(',').map(Number) }),
  ...(values.only === undefined ? {} : { only: values.only.split(',') }),
  ...(values.kills === undefined ? {} : { kills: Number(values.kills) }),
  ...(values.limit === undefined ? {} : { limit: Number(values.limit) }),
  ...(values['at-once'] === undefined ? {} : { atOnce: Number(values['at-once']) }),
  log: (line) => process.stderr.write(`${line}\n`),
});
console.table(rows);
console.table(ratios);
if (values.json) {
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  console.log(JSON.stringify({ bench: name, machine, rows, ratios }));
}
process.exit(0);
