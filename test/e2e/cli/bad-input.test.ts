import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../../../src/client.js';
import { openStage, type Stage } from '../../support/stage.js';
import { cli } from '../../support/cli.js';
import { testServer } from '../../support/server.js';
import { COMMANDS, FILES, INPUTS, PLACES, type More } from './bad-commands.js';
import { CONFIGURATIONS, DEFINITIONS, GOOD } from './bad-configurations.js';

/** Commands with a task queue of their own. */
const QUEUED = ['start', 'send', 'emit'];
const WITHOUT_SERVER = ['', 'strat', 'explain', 'server'];

async function withEnv<T>(env: Record<string, string>, fn: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await fn();
  } finally {
    for (const name of Object.keys(env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  }
}

async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  return Object.fromEntries(
    await Promise.all(names.map(async ({ name }) => [name, await readFile(join(folder, name), 'base64')])),
  );
}

async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bad-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

describe('a command line that is wrong', () => {
  let stage: Stage;
  let run: Run<unknown>;
  let folder: string;
  let address: string;
  let before: { runs: number; files: Record<string, string> };

  beforeAll(async () => {
    ({ address } = await testServer());
    stage = await openStage(
      {},
      (model) => model.models('small'),
      new URL('../../workflow/fixtures/bad-input-workflows.ts', import.meta.url),
    );
    folder = await folderWith(FILES);
    run = await stage.baton.start('waits', undefined);
    expect(await run.approvals({ wait: '30 seconds' })).toHaveLength(1);
    before = { runs: await count(), files: await contentsOf(folder) };
  });
  afterAll(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  async function count(): Promise<number> {
    const query = `TaskQueue = "${stage.baton.taskQueue}" OR WorkflowType = "odd"`;
    return (await stage.baton.client.workflow.count(query)).count;
  }

  const filled = (text: string) =>
    text.replace('RUN', run.id).replace('SERVER', address).replace('FOLDER', folder).replace("''", '');

  async function refused(words: string[], code: string, says: RegExp, { env = {}, stdin = '' }: More = {}) {
    const settings = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
    const ended = await withEnv(settings, () => cli(words.map(filled), { cwd: folder, stdin }));
    expect(ended).toMatchObject({ code: code === 'Usage' ? 2 : 1, out: '' });
    expect(ended.err).toMatch(new RegExp(`^${code}: \\S`));
    // Lines are broken where the terminal ends.
    expect(ended.err.replace(/\n +/g, ' ')).toMatch(new RegExp(filled(says.source), says.flags));
    expect(ended.err).toMatch(/\n {2}Try: \S/);
    expect(ended.err).not.toMatch(/\n\s+at \S+ \(/);
  }

  test.each(COMMANDS)('%s is refused', (...[, line, code, says, more]) => {
    const words = line === '' ? [] : line.split(' ');
    const [command = ''] = words;
    const queue = QUEUED.includes(command) && !words.includes('--task-queue');
    return refused(
      [
        ...words,
        ...(queue ? ['--task-queue', stage.baton.taskQueue] : []),
        ...(WITHOUT_SERVER.includes(command) ? [] : ['--address', address]),
      ],
      code,
      says,
      more,
    );
  });

  test.each(PLACES)('a server named by %s is refused', (...[, line, code, says, more]) =>
    refused(line.split(' '), code, says, more),
  );

  test.each(INPUTS)('an input of %s is refused', (...[, line, code, says, more]) =>
    refused(
      [...line.split(' '), ...(line.startsWith('explain') ? [] : ['--address', address])],
      code,
      says,
      more,
    ),
  );

  test('has started, answered, changed and written nothing', async () => {
    await delay(1_000); // What is seen of runs comes a moment after them.
    expect({ runs: await count(), files: await contentsOf(folder) }).toEqual(before);
    expect(await run.approvals()).toMatchObject([{ title: expect.any(String), approvers: ['lead'] }]);
    const ended = await cli(['approve', run.id, '--by', 'lead', '--choice', 'left', '--address', address]);
    expect(ended).toMatchObject({ code: 0, err: '' });
  });
});

describe('a project that is wrong', () => {
  const command = ['explain', 'agent', 'clerk'];

  test('is one whose good sister can be explained', async () => {
    const cwd = await folderWith(GOOD);
    expect(await cli(command, { cwd })).toMatchObject({ code: 0, err: '' });
    await rm(cwd, { recursive: true });
  });

  test.each([...CONFIGURATIONS, ...DEFINITIONS])('is refused with %s', async (_, files, says) => {
    const cwd = await folderWith({ ...GOOD, ...files });
    const before = await contentsOf(cwd);
    const { code, err, out } = await cli(command, { cwd });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.replace(/\n +/g, ' ')).toMatch(says);
    expect(err).toMatch(/^ConfigInvalid: [^]*\n {2}Try: \S/);
    expect(await contentsOf(cwd)).toEqual(before);
    await rm(cwd, { recursive: true });
  });

  test('is refused before a run is started in its folder, and named by the doctor', async () => {
    const { address } = await testServer();
    const cwd = await folderWith({ 'baton.config.mjs': 'export default { taskQueue: 5 };' });
    const start = await cli(['start', 'odd', '--address', address], { cwd });
    expect(start).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^ConfigInvalid[^]*taskQueue/),
    });
    const doctor = await cli(['doctor', '--address', address], { cwd });
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/^missing +Project[^]*taskQueue[^]*Try: /m);
    await rm(cwd, { recursive: true });
  });

  test.each([
    ['do not compile', { 'workflows.mjs': 'export {' }, /workflows\.mjs cannot be bundled: [^]*1:8/],
    ['import what is not there', { 'workflows.mjs': "import 'nowhere';" }, /Can't resolve 'nowhere'/],
    ['are a folder', { 'baton.config.mjs': "export default { workflows: '.' };" }, /is no file/],
  ])('is refused by the worker where its orchestrations %s', async (_, files, says) => {
    const { address } = await testServer();
    const cwd = await folderWith({ ...GOOD, ...files });
    const { code, err } = await cli(['worker', '--address', address, '--task-queue', 'never'], { cwd });
    expect(code).toBe(1);
    expect(err).toMatch(/^ConfigInvalid: [^]*\n {2}Try: \S/);
    expect(err).toMatch(says);
    await rm(cwd, { recursive: true });
  });
});
