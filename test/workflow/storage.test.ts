import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { connect, type Baton, type Span } from '../../src/client.js';
import { startScriptedModel, type ChatRequest } from '../../src/testing/index.js';
import { bundleFile } from '../support/bundle-file.js';
import { cli, inFolder } from '../support/cli.js';
import { testServer } from '../support/server.js';
import { fetchLog, historyBytes, lastOf, read, withStage } from '../support/storage-stage.js';
import { startWorkerProcess } from '../support/worker-process.js';
import { linesOf } from './fixtures/storage-agents.js';
import type { ask, askAndRead, echo, passOn } from './fixtures/storage-workflows.js';

const FIVE_MB = 5_000_000;

// Worker processes are started, one after the other.
jest.setTimeout(180_000);

const aFolder = () => mkdtempSync(join(tmpdir(), 'baton-storage-test-'));

const filesIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((name) => /[0-9a-f]{64}$/.test(String(name)))
    : [];

const toolsOf = ({ tools = [] }: ChatRequest) =>
  (tools as { function: { name: string } }[]).map(({ function: { name } }) => name);

function spansOf(span: Span): Span[] {
  return [span, ...span.children.flatMap(spansOf)];
}

const start = (baton: Baton, input: string) => baton.start<typeof ask>('ask', { agent: 'reader', input });

describe('a tool result of 5 MB', () => {
  it('is stored, and read on by the worker that takes over from one that was killed', async () => {
    const folder = aFolder();
    const { address } = await testServer();
    const taskQueue = `storage-${randomUUID()}`;
    const model = await startScriptedModel(
      { reply: fetchLog('killed') },
      { reply: { hang: true } },
      { reply: read({ find: 'THE NEEDLE' }) },
      {
        reply: (request) =>
          read({
            offset: (JSON.parse(lastOf(request)) as { matches: { offset: number }[] }).matches[0]?.offset,
            length: 24,
          })(request),
      },
      { reply: 'found it' },
    );
    const settings = {
      address,
      taskQueue,
      bundle: await bundleFile(fileURLToPath(new URL('./fixtures/storage-workflows.ts', import.meta.url))),
      agents: fileURLToPath(new URL('./fixtures/storage-agents.ts', import.meta.url)),
      models: model.models('small'),
    };
    const startWorker = () => startWorkerProcess(settings, { BATON_STORAGE: folder });
    await using baton = await connect({ address, taskQueue, storage: folder });
    const first = await startWorker();
    const run = await start(baton, 'look for the needle');
    for (let i = 0; model.requests.length < 2 && i < 500; i++) await delay(20);
    const second = await startWorker();
    first.kill('SIGKILL');

    expect(await run.result()).toMatchObject({ output: 'found it' });
    await second.end();
    await model.stop();

    const [before, , shown, found, page] = model.requests;
    if (!before || !shown || !found || !page) throw new Error('requests are missing');
    expect(toolsOf(before)).toEqual(['fetchLog', 'fetchRows']);
    expect(toolsOf(shown)).toEqual(['fetchLog', 'fetchRows', 'read_result']);
    expect(lastOf(shown)).toContain(linesOf(FIVE_MB, 'killed').slice(0, 16_384));
    expect(lastOf(shown).length).toBeLessThan(17_000);
    const matches: unknown = JSON.parse(lastOf(found));
    expect(matches).toMatchObject({
      find: 'THE NEEDLE',
      matches: [{ offset: FIVE_MB / 2 }],
      total: FIVE_MB - 1,
    });
    expect(JSON.parse(lastOf(page))).toEqual({
      text: 'the needle of killed....',
      offset: FIVE_MB / 2,
      next: FIVE_MB / 2 + 24,
      total: FIVE_MB - 1,
    });
    expect(await historyBytes(baton, run.id)).toBeLessThan(60_000);
    expect(filesIn(folder)).toHaveLength(1);
  });

  it('is shown as stored, and read whole by client, command line and activities', async () => {
    const mark = randomUUID().slice(0, 8);
    await withStage({}, async ({ baton, model }) => {
      model.script({ reply: fetchLog(mark) }, { reply: 'done' });
      const run = await baton.start<typeof askAndRead>('askAndRead', {
        agent: 'reader',
        input: 'a log, please',
      });
      expect(await run.result()).toEqual([FIVE_MB - 1]);
      const trace = await run.trace();
      const tool = spansOf(trace).find((span) => span.kind === 'tool');
      if (tool?.kind !== 'tool' || !tool.stored) throw new Error('the trace has no stored result');
      expect(tool.stored.bytes).toBe(FIVE_MB - 1);
      expect(JSON.stringify(trace).length).toBeLessThan(60_000);
      expect(await baton.stored(tool.stored)).toBe(linesOf(FIVE_MB, mark));
      const { address } = await testServer();
      const shown = await cli(['show', run.id, '--address', address]);
      expect(shown.out).toMatch(/fetchLog .*→ 5\.0 MB, stored as [\w-]{16}/);
      const whole = await cli(['show', run.id, '--result', tool.stored.digest, '--address', address]);
      expect(whole.out).toBe(`${linesOf(FIVE_MB, mark)}\n`);
      const wrong = await cli(['show', run.id, '--result', 'other', '--address', address]);
      expect(wrong).toMatchObject({ code: 1 });
      expect(wrong.err).toContain(`it has: ${tool.stored.digest}`);
    });
  });

  it('is cut where there is no storage', async () => {
    await withStage({ storage: false }, async ({ baton, model }) => {
      model.script({ reply: fetchLog('nowhere') }, { reply: 'done' });
      const run = await start(baton, 'a log, please');
      await run.result();
      const request = model.requests[1];
      if (!request) throw new Error('there was no second turn');
      expect(lastOf(request)).toMatch(/\n\[cut: the result has 4999999 bytes, of which this is the start\]$/);
      expect(toolsOf(request)).not.toContain('read_result');
    });
  });

  it('is cut, and the work not done again, where the storage cannot be written to', async () => {
    const folder = join(aFolder(), 'a file');
    writeFileSync(folder, '');
    await withStage({ storage: folder }, async ({ baton, model }) => {
      model.script({ reply: fetchLog('full') }, { reply: 'done' });
      const run = await start(baton, 'a log, please');
      await run.result();
      expect(lastOf(model.requests[1])).toMatch(/\[cut: .* of which this is the start\]$/);
    });
  });
});

describe('read_result', () => {
  it('reads JSON, from a limit of the tool on, and only results of its own conversation', async () => {
    await withStage({ storage: aFolder() }, async ({ baton, model }) => {
      model.script(
        { reply: { calls: [{ tool: 'fetchRows', args: { count: 3 } }] } },
        { reply: { calls: [{ tool: 'fetchRows', args: { count: 1000 } }] } },
        { reply: read({ offset: 10, length: 20 }) },
        { reply: read({ find: '"id":999' }) },
        { reply: read({ find: 'nowhere to be found' }) },
        { reply: { calls: [{ tool: 'read_result', args: { result: 'AAAAAAAAAAAAAAAA' } }] } },
        { reply: read({ offset: -1 }) },
        { reply: 'done' },
      );
      await (await start(baton, 'rows, please')).result();
      const [, small, large, page, found, none, foreign, bad] = model.requests.map((request) => ({
        last: lastOf(request),
        tools: toolsOf(request),
      }));
      expect(small).toEqual({ last: '[{"id":0},{"id":1},{"id":2}]', tools: ['fetchLog', 'fetchRows'] });
      expect(large?.last).toMatch(
        /^\[\{"id":0\}.*\n\[cut: the result has 10891 bytes, of which the first 100 are above\./s,
      );
      expect(JSON.parse(page?.last ?? '')).toEqual({
        text: '{"id":1},{"id":2},{"',
        offset: 10,
        next: 30,
        total: 10891,
      });
      expect(JSON.parse(found?.last ?? '')).toMatchObject({ matches: [{ offset: 10881 }] });
      expect(JSON.parse(none?.last ?? '')).toMatchObject({ matches: [] });
      expect(foreign?.last).toMatch(
        /No result of this conversation is kept as "AAAAAAAAAAAAAAAA"\. There are: "[\w-]{16}"\./,
      );
      expect(bad?.last).toMatch(/Invalid arguments: .*offset/s);
    });
  });
});

describe('values of 5 MB', () => {
  it('go into a run and out of it, by client and command line', async () => {
    const { address } = await testServer();
    await withStage({}, async ({ baton }) => {
      const value = { text: linesOf(FIVE_MB, randomUUID().slice(0, 8)) };
      const run = await baton.start<typeof echo>('echo', value);
      expect(await run.result()).toEqual(value);
      expect(await historyBytes(baton, run.id)).toBeLessThan(10_000);
      await inFolder(async (folder) => {
        writeFileSync(join(folder, 'value.json'), JSON.stringify(value));
        const args = ['start', 'echo', '--input', '@value.json', '--wait', '--address', address];
        const ended = await cli([...args, '--task-queue', baton.taskQueue], { cwd: folder });
        expect(JSON.parse(ended.out)).toEqual(value);
      });
      const shown = await cli(['show', run.id, '--verbose', '--address', address]);
      expect(shown.out).toMatch(/^result {2}5\.1 MB, stored$/m);
      expect(shown.out.length).toBeLessThan(5_000);
    });
  });

  it('go from one activity to another', async () => {
    await withStage({ storage: aFolder() }, async ({ baton }) => {
      const run = await baton.start<typeof passOn>('passOn', FIVE_MB);
      expect(await run.result()).toBe(FIVE_MB);
      expect(await historyBytes(baton, run.id)).toBeLessThan(10_000);
    });
  });

  it('are looked for in the storage that the project names', async () => {
    const { address } = await testServer();
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'baton.config.mjs'), "export default { storage: './kept' };");
      await withStage({ storage: join(folder, 'kept') }, async ({ baton }) => {
        const value = linesOf(FIVE_MB, randomUUID().slice(0, 8));
        const run = await baton.start<typeof echo>('echo', value);
        expect((await cli(['result', run.id, '--address', address], { cwd: folder })).out).toBe(`${value}\n`);
        const elsewhere = await cli(['result', run.id, '--address', address]);
        expect(elsewhere.code).toBe(1);
        expect(elsewhere.err).toContain('StorageMissing');
      });
      const found = await cli(['doctor', '--address', address], { cwd: folder });
      expect(found.out).toContain(`the folder ${join(folder, 'kept')}`);
    });
  });
});
