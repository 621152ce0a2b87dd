import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { lookForTemporalBinary } from '../../../src/dev/temporal-binary.js';
import {
  startTemporalServer,
  type TemporalServer,
  type TemporalServerOptions,
} from '../../../src/dev/temporal-server.js';
import { isAlive } from '../../support/is-alive.js';

const found = await lookForTemporalBinary();
if (!found) console.warn('No Temporal CLI here: the tests of the embedded server are skipped.');
const withServer = found ? describe : describe.skip;

const folder = mkdtempSync(join(tmpdir(), 'baton-server-'));
const started: TemporalServer[] = [];
const connections: Connection[] = [];

async function start(options: Partial<TemporalServerOptions> = {}): Promise<TemporalServer> {
  const server = await startTemporalServer({
    binary: found?.path ?? '',
    port: 0,
    namespace: 'default',
    ...options,
  });
  started.push(server);
  return server;
}

async function clientOf(server: TemporalServer, namespace = 'default'): Promise<Client> {
  const connection = await Connection.connect({ address: server.address });
  connections.push(connection);
  return new Client({ connection, namespace });
}

async function isGone(pid: number, withinMs = 12_000): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(100)) {
    if (!isAlive(pid)) return true;
  }
  return false;
}

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await Promise.all(started.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

withServer('startTemporalServer', () => {
  it('takes work at once in the namespace and with the search attributes asked for', async () => {
    const server = await start({ namespace: 'desk', searchAttributes: { BatonTest: 'KeywordList' } });
    const client = await clientOf(server, 'desk');
    const handle = await client.workflow.start('later', { taskQueue: 'nobody', workflowId: 'one' });
    expect((await handle.describe()).status.name).toBe('RUNNING');
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: 'desk',
    });
    expect(Object.keys(customAttributes)).toContain('BatonTest');
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    await expect(server.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it('goes on where the server before it stopped, on the same file', async () => {
    const options = {
      dbFile: join(folder, 'data', 'temporal.db'),
      searchAttributes: { BatonTest: 'KeywordList' },
    } as const;
    const first = await start(options);
    const client = await clientOf(first);
    await client.workflow.start('later', { taskQueue: 'nobody', workflowId: 'kept' });
    await first.stop();

    const second = await start(options);
    const described = await (await clientOf(second)).workflow.getHandle('kept').describe();
    expect(described.status.name).toBe('RUNNING');
    await second.stop();
  });

  it('loses nothing that was acknowledged when the server is killed', async () => {
    const dbFile = join(folder, 'killed', 'temporal.db');
    const first = await start({ dbFile });
    await (await clientOf(first)).workflow.start('later', { taskQueue: 'nobody', workflowId: 'kept' });
    process.kill(first.pid, 'SIGKILL');
    await expect(first.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });

    const second = await start({ dbFile });
    const described = await (await clientOf(second)).workflow.getHandle('kept').describe();
    expect(described.status.name).toBe('RUNNING');
    await second.stop();
  });

  it('serves the web UI where a port for it is given', async () => {
    const server = await start({ uiPort: 0 });
    expect((await fetch(server.uiUrl ?? '')).status).toBe(200);
    await server.stop();
  });

  it('appends the output to the log file', async () => {
    const logFile = join(folder, 'logs', 'server.log');
    const server = await start({ logFile });
    await server.stop();
    expect(readFileSync(logFile, 'utf8')).toContain('Stopping server');
  });

  it('starts with the defaults of the server for comparison', async () => {
    const server = await start({ tuned: false });
    await server.stop();
  });

  it('says that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({
      code: 'TemporalPortInUse',
      message: `Port ${port} is in use.`,
    });
    other.close();
  });

  it('shows the end of the log of a server that fails', async () => {
    await expect(start({ dbFile: folder })).rejects.toMatchObject({
      code: 'TemporalServerFailed',
      message: expect.stringMatching(/ended at its start[^]*(database|directory)/),
    });
    await expect(start({ binary: join(folder, 'absent') })).rejects.toMatchObject({
      code: 'TemporalServerFailed',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('gives up when told to, and leaves no server', async () => {
    const stop = new AbortController();
    const dbFile = join(folder, 'aborted', 'temporal.db');
    const starting = start({ dbFile, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 30);
    await expect(starting).rejects.toThrow('enough');
    const next = await start({ dbFile });
    await next.stop();
  });

  it('stops a running server when the signal is aborted', async () => {
    const stop = new AbortController();
    const server = await start({ signal: stop.signal });
    stop.abort();
    await server.exited;
    expect(isAlive(server.pid)).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL', 'throw'] as const)(
    'does not outlive its parent (%s)',
    async (how) => {
      const parent = spawn(
        process.execPath,
        ['--import', 'tsx', resolve('test/e2e/dev/server-parent.ts'), found?.path ?? ''],
        {
          stdio: ['pipe', 'pipe', how === 'throw' ? 'ignore' : 'inherit'],
          env: { ...process.env, NODE_OPTIONS: '' },
        },
      );
      const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
      const pid = Number(line);
      expect(isAlive(pid)).toBe(true);
      if (how === 'throw') parent.stdin.write('throw\n');
      else parent.kill(how);
      const [code, signal] = (await once(parent, 'exit')) as [number | null, string | null];
      expect(how === 'throw' ? code : signal).toBe(how === 'throw' ? 1 : how);
      expect(await isGone(pid)).toBe(true);
    },
  );

  it('leaves a signal to the application that handles it', async () => {
    const parent = spawn(
      process.execPath,
      ['--import', 'tsx', resolve('test/e2e/dev/server-parent.ts'), found?.path ?? '', 'handles'],
      { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
    );
    const lines = createInterface({ input: parent.stdout });
    const [pid] = (await once(lines, 'line')) as [string];
    parent.kill('SIGTERM');
    const [seen] = (await once(lines, 'line')) as [string];
    expect(seen).toBe('server still runs');
    await once(parent, 'exit');
    expect(await isGone(Number(pid))).toBe(true);
  });
});
