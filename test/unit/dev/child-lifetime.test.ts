import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../../support/is-alive.js';

const MODULE = fileURLToPath(new URL('../../../src/dev/child-lifetime.ts', import.meta.url));
const PARENT = `
  import { spawn } from 'node:child_process';
  import { endWithThisProcess } from ${JSON.stringify(MODULE)};
  const children = [spawn('sleep', ['60']), spawn('sleep', ['60'])];
  for (const child of children) endWithThisProcess(child);
  console.log(children.map(({ pid }) => pid).join(' '));
`;

describe('a process with two children that end with it', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('ends with them at %s', async (signal) => {
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', PARENT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = line.toString().trim().split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);

    parent.kill(signal);
    expect(await once(parent, 'exit')).toEqual([null, signal]);
    while (pids.some(isAlive)) await delay(20);
  });
});
