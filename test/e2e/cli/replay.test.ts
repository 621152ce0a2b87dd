import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replayHistories } from '../../../src/worker.js';
import { cli, type Ended } from '../../support/cli.js';
import { testServer } from '../../support/server.js';
import { openStage } from '../../support/stage.js';
import { walkScript } from '../../support/walk-script.js';
import * as fixture from '../../workflow/fixtures/long-agents.js';

const { keys: _, ...agents } = fixture;
const WORKFLOWS = new URL('./fixtures/replay/workflows.ts', import.meta.url);
const CHANGED = new URL('./fixtures/replay/changed.ts', import.meta.url);
const OTHER_AGENT = new URL('./fixtures/replay/other-agent.ts', import.meta.url);
const AGENTS = new URL('../../workflow/fixtures/long-agents.ts', import.meta.url);

const TIMEOUT_MS = 240_000;

interface Report {
  replayed: number;
  broken: number;
  skipped: Record<string, number>;
  unreadable: number;
  histories: { kind: string; type: string; workflowId: string; runId: string; why?: unknown }[];
}

const replay = (words: string[], workflows = WORKFLOWS) =>
  cli(['replay', ...words, '--agents', fileURLToPath(AGENTS), '--workflows', fileURLToPath(workflows)]);
const reportOf = ({ out }: { out: string }) => JSON.parse(out) as Report;

describe('baton replay', () => {
  const wrong: string[] = [];
  const stage = openStage(agents, (model) => walkScript(model, wrong).models('small'), WORKFLOWS);
  let folder: string;
  let saved: string;
  let live: Ended;
  let started: Awaited<ReturnType<typeof runs>>;
  let server: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-replay-'));
    saved = join(folder, 'saved');
    started = await runs();
    const { address } = await testServer();
    const queue = started.baton.taskQueue;
    server = ['--from-server', '--address', address, '--task-queue', queue, '--json'];
    live = await replay([...server, '--save', saved]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await started.waiting.terminate('the test is over');
    await started.idle.terminate('the test is over');
    await (await stage).close();
    await rm(folder, { recursive: true });
    expect(wrong).toEqual([]);
  });

  /** Runs of all kinds: ended, waiting for a person or for nothing, local, moved to a run of its own that goes on in others, with a stored input. */
  async function runs() {
    const { baton } = await stage;
    const idle = await baton.start('idle', undefined);
    const waiting = await baton.start('trip', 'ann');
    const ended = await baton.start('trip', 'bob');
    const others = [
      await baton.start('stroll', 'cid'),
      await baton.start('march', { name: 'dan', placement: { moveAt: 15_000, keep: 1_500 } }),
      await baton.start('weigh', 'x'.repeat(3_000_000)),
    ];
    await ended.approvals({ wait: '30 seconds' });
    await ended.approve({ by: 'guide' });
    expect(await ended.result()).toBe('bob arrived at 3');
    for (const run of others) await run.result();
    expect(await waiting.approvals({ wait: '30 seconds' })).toHaveLength(1);
    return { baton, idle, waiting, ended };
  }

  it(
    'replays runs of the server, those of a chain and below others too, and keeps their histories',
    async () => {
      expect(live).toMatchObject({ code: 0, err: expect.stringContaining(saved) });
      const report = reportOf(live);
      const { length } = report.histories;
      expect(report).toMatchObject({ broken: 0, skipped: {}, unreadable: 0, replayed: length });
      const types = report.histories.map(({ type }) => type);
      expect(new Set(types)).toEqual(new Set(['idle', 'trip', 'stroll', 'march', 'weigh', 'baton_agent']));
      // The agent that moved was continued as new: each of its runs is there.
      expect(types.filter((type) => type === 'baton_agent').length).toBeGreaterThan(1);
      expect(await readdir(saved)).toHaveLength(report.replayed);
      const { idle, waiting, ended } = started;
      const some = reportOf(await replay([...server, '--limit', '1', '--status', 'running']));
      expect(some.histories).toMatchObject([
        { type: 'trip', workflowId: waiting.id, kind: 'replayed' },
        { type: 'idle', workflowId: idle.id, kind: 'replayed' },
      ]);
      const one = await replay([...server, '--query', `WorkflowId = "${ended.id}"`]);
      expect(reportOf(one).histories).toMatchObject([{ workflowId: ended.id }]);
    },
    TIMEOUT_MS,
  );

  it(
    'names the run, the event and what the code does instead where a change would break it',
    async () => {
      const changed = await replay([saved, '--json'], CHANGED);
      expect(changed.code).toBe(1);
      const broken = reportOf(changed).histories.filter(({ kind }) => kind === 'broken');
      expect(broken.map(({ type }) => type).sort()).toEqual(['stroll', 'trip', 'trip']);
      expect(broken.find(({ workflowId }) => workflowId === started.ended.id)).toMatchObject({
        why: { kind: 'changed', command: 'starts a timer', event: { id: expect.any(Number) } },
      });
      expect(broken.find(({ type }) => type === 'stroll')).toMatchObject({
        why: { kind: 'failed', message: 'no more strolls', at: expect.stringContaining('changed.ts') },
      });
      const text = await replay([saved], CHANGED);
      expect(text.out).toMatch(/^breaks +\S+ +trip · \d+ events · run \S+$/m);
      expect(text.out.replace(/\n +/g, ' ')).toMatch(
        /event \d+, ActivityTaskScheduled \(baton_ask · approval 1 · Back\?\): the code starts a timer there/,
      );
      expect(text.out).toMatch(/replayed, 3 would break, 0 skipped\n {2}Try: /);
    },
    TIMEOUT_MS,
  );

  it(
    'tells that another agent is called, although to Temporal all turns are alike',
    async () => {
      const { histories } = reportOf(await replay([saved, '--json'], OTHER_AGENT));
      const broken = histories.filter(({ kind }) => kind === 'broken');
      const message = expect.stringContaining('a turn of walker where the code calls stroller');
      expect(broken).toMatchObject([
        { type: 'trip', why: { message } },
        { type: 'trip', why: { message } },
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'says where a stored value is missing, and nothing of the code then',
    async () => {
      const storage = process.env.BATON_STORAGE;
      process.env.BATON_STORAGE = join(folder, 'elsewhere');
      const without = reportOf(await replay([saved, '--json']));
      process.env.BATON_STORAGE = storage;
      expect(without).toMatchObject({ broken: 0, skipped: {} });
      expect(without.histories.filter(({ kind }) => kind === 'unreadable')).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it(
    'is there for tests of users too',
    async () => {
      const files = (await readdir(saved)).map((file) => join(saved, file));
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      const histories = texts.map((text) => JSON.parse(text) as unknown);
      const kinds: string[] = [];
      for await (const { kind } of replayHistories({ workflows: WORKFLOWS.href, histories }))
        kinds.push(kind);
      expect(kinds).toEqual(files.map(() => 'replayed'));
    },
    TIMEOUT_MS,
  );

  it(
    'tells files that are no histories from runs that it has no code for',
    async () => {
      const [file = ''] = await readdir(saved);
      const whole = JSON.parse(await readFile(join(saved, file), 'utf8')) as { events: object[] };
      const write = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value));
      await writeFile(join(folder, 'broken.json'), '{ "events": [');
      await write('other.json', { name: 'no history' });
      await write('tail.json', { events: whole.events.slice(3) });
      await write('young.json', { events: whole.events.slice(0, 2) });
      const unknown = JSON.stringify(whole).replace(
        /"workflowType":\{"name":"\w+"/,
        '"workflowType":{"name":"gone"',
      );
      await writeFile(join(folder, 'unknown.json'), unknown);
      const all = await replay([folder]);
      expect(all.code).toBe(2);
      expect(all.out).toMatch(/^unreadable +\S+broken\.json +it is not JSON/m);
      expect(all.out).toMatch(/^unreadable +\S+other\.json +it is no event history/m);
      expect(all.out).toMatch(/^unreadable +\S+tail\.json +it is no whole event history/m);
      expect(all.out).toMatch(/^skipped +\S+young\.json .*no code has run/m);
      expect(all.out).toMatch(/^skipped +\S+unknown\.json +gone · the project has no such orchestration/m);
      const skipped = join(folder, 'unknown.json');
      expect(await replay([skipped])).toMatchObject({ code: 0 });
      expect(await replay([skipped, '--strict'])).toMatchObject({ code: 1 });
    },
    TIMEOUT_MS,
  );
});
