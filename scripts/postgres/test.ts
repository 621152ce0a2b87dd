// The tests on the full Temporal server on Postgres: npm run test:postgres [-- Jest's arguments]
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startForPeople } from './start-for-people.js';

const folder = await mkdtemp(join(tmpdir(), 'baton-postgres-'));
const server = await startForPeople({ folder });
console.log(`The full Temporal server at ${server.address}; logs in ${folder}`);

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const child = spawn(process.execPath, ['--experimental-vm-modules', jest, ...process.argv.slice(2)], {
  cwd: join(import.meta.dirname, '../..'),
  env: { ...process.env, BATON_TEST_ADDRESS: server.address },
  stdio: 'inherit',
});
// At Ctrl-C Jest ends itself, being in the terminal's group.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void child.kill('SIGTERM'));
const code = await new Promise<number>((resolve) => {
  child.once('close', (exitCode) => resolve(exitCode ?? 1));
});
await server.stop();
if (code === 0) await rm(folder, { recursive: true, force: true });
else console.error(`The logs of the server are in ${folder}`);
process.exitCode = code;
