import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTemporalBinary } from '../../../src/dev/temporal-binary.js';
import { startScriptedModel } from '../../../src/testing/index.js';
import { inFolder } from '../../support/cli.js';
import { testServer } from '../../support/server.js';
import { baton, type Spawned } from './spawned.js';

const PROJECT = fileURLToPath(new URL('./fixtures/project', import.meta.url));
const TIMEOUT_MS = 120_000;

const spawned: Spawned[] = [];
const run = (argv: string[], env: NodeJS.ProcessEnv = {}, cwd = PROJECT) => {
  const process = baton(argv, { cwd, env });
  spawned.push(process);
  return process;
};

afterEach(async () => {
  await Promise.all(spawned.splice(0).map((process) => process.stop('SIGKILL')));
});

describe('baton worker', () => {
  it(
    "runs a project's TypeScript, and what other commands start and answer; it stops at SIGTERM",
    async () => {
      const { address } = await testServer();
      const model = await startScriptedModel(
        { when: 'a torn tent', reply: { calls: [{ tool: 'lookup', args: { order: 'S-1' } }] } },
        { when: '"usd":120', reply: { json: { usd: 120, reason: 'torn' } } },
      );
      const queue = ['--task-queue', `cli-${crypto.randomUUID()}`];
      const env = { TEMPORAL_ADDRESS: address, FIXTURE_MODEL_URL: model.url };
      const worker = run(['worker', ...queue], env);
      await worker.says(/worker ready: agents\.ts, workflows\.ts/);

      const id = `cli-${crypto.randomUUID().slice(0, 8)}`;
      const input = '{"text":"a torn tent"}';
      const start = run(['start', 'refund', '--input', input, '--id', id, '--wait', ...queue], env);
      await waitUntil(async () => (await ended(run(['approvals'], env))).includes(`${id}/1`));
      expect(await ended(run(['approve', id, '--by', 'lead'], env))).toContain(`approved  ${id} by lead`);
      expect(await start.ended).toBe(0);
      expect(start.output).toContain('paid $120');

      expect(await worker.stop('SIGTERM')).toBe(0);
      await model.stop();
    },
    TIMEOUT_MS,
  );
});

describe('baton worker with a module that exports no agent', () => {
  it(
    'says so',
    () =>
      inFolder(async (folder) => {
        const { address } = await testServer();
        const agents = join(folder, 'nothing.mjs');
        await writeFile(agents, 'export const note = 1;\n');
        const queue = ['--task-queue', `cli-${crypto.randomUUID()}`];
        const worker = run(['worker', '--offline', '--agents', agents, ...queue], {
          TEMPORAL_ADDRESS: address,
        });
        expect(await worker.says(/worker ready/)).toMatch(/nothing\.mjs exports no agent: /);
        expect(await worker.stop('SIGTERM')).toBe(0);
      }),
    TIMEOUT_MS,
  );
});

describe('baton dev', () => {
  it(
    'brings everything up, and after a stop goes on with what waits; the plain Temporal CLI answers it',
    () =>
      inFolder(async (data) => {
        const argv = ['dev', '--port', '0', '--ui-port', '0', '--data', data];
        const first = run(argv);
        const reach = addressIn(await first.says(/Ready\./));
        expect(first.output).toMatch(
          /Model +offline model\nWorker +agents\.ts, workflows\.ts {2}task queue baton/,
        );
        await ended(run(['start', 'wait', '--id', 'w1', ...reach]));
        await waitUntil(async () => (await ended(run(['approvals', ...reach]))).includes('w1/1'));
        expect(await first.stop('SIGINT')).toBe(0);

        const second = run(argv);
        const [flag = '', address = ''] = addressIn(await second.says(/Ready\./));
        expect(await ended(run(['list', flag, address]))).toMatch(/^w1 +wait +waits for approval/m);
        const { path } = await findTemporalBinary();
        const signal = [
          'workflow',
          'signal',
          '--workflow-id',
          'w1',
          '--name',
          'approve',
          '--input',
          '{"by":"lead"}',
        ];
        await promisify(execFile)(path, [...signal, flag, address]);
        expect(await ended(run(['result', 'w1', flag, address]))).toBe('approved by lead\n');
        expect(await second.stop('SIGINT')).toBe(0);
      }),
    TIMEOUT_MS,
  );
});

describe('baton demo', () => {
  it(
    'runs the support desk to its reply, asking for the approval that it needs',
    () =>
      inFolder(async (cwd) => {
        const { address } = await testServer();
        const env = { TEMPORAL_ADDRESS: address };
        const id = `demo-${crypto.randomUUID().slice(0, 8)}`;
        const demo = run(['demo', '--id', id], env, cwd);
        const said = await demo.says(/npx baton approve \S+ --by \S+/);
        const [, approval = '', by = ''] = /npx baton approve (\S+) --by (\S+)/.exec(said) ?? [];
        expect(await ended(run(['approve', approval, '--by', by], env))).toContain('approved');
        expect(await demo.ended).toBe(0);
        expect(demo.output).toMatch(/triage +turn 1 · offline model/);
        expect(demo.output).toMatch(/approval +approved by/);
        expect(demo.output).toMatch(/Result {2}\(offline model\)[^]*offline model: nothing spent/);
        expect(demo.output).toContain(`npx baton show ${id}`);
      }),
    TIMEOUT_MS,
  );
});

/** What a command that ends by itself wrote. @throws where it failed */
async function ended(process: Spawned): Promise<string> {
  const code = await process.ended;
  if (code !== 0) throw new Error(`it ended with ${code}:\n${process.output}`);
  return process.output;
}

function addressIn(output: string): string[] {
  const [, address = ''] = /Temporal server +(\S+)/.exec(output) ?? [];
  return ['--address', address];
}

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + 30_000;
  while (!(await condition())) if (Date.now() > until) throw new Error('it did not happen within 30 s');
}
