import { randomUUID } from 'node:crypto';
import { clerkScript } from '../support/clerk-script.js';
import { cli } from '../support/cli.js';
import { testServer } from '../support/server.js';
import { openStage } from '../support/stage.js';
import * as agents from './fixtures/session-agents.js';

const workflows = new URL('./fixtures/session-workflows.ts', import.meta.url);

describe('npx baton send', () => {
  const stage = openStage(agents, (model) => clerkScript(model).models('small'), workflows);
  afterAll(async () => (await stage).close());

  it('begins a session, goes on with it, and ends it', async () => {
    const { baton } = await stage;
    const { address } = await testServer();
    const id = `cli-${randomUUID().slice(0, 8)}`;
    const where = ['--address', address, '--task-queue', baton.taskQueue];
    const missing = await cli(['send', id, 'hello', ...where]);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.err).toMatch(/RunNotFound[^]*--agent/);
    const first = await cli(['send', id, 'hello', '--agent', 'clerk', '--id', 'm1', ...where]);
    expect(first).toMatchObject({ code: 0, out: 're: hello\n' });
    expect(await cli(['send', id, 'hello', '--id', 'm1', ...where])).toMatchObject({ out: 're: hello\n' });
    const second = await cli(['send', id, '--data', '"as data"', '--json', '--close', ...where]);
    expect(JSON.parse(second.out)).toBe('re: as data');
    expect(await baton.run(id).result()).toEqual({ ended: 'closed', messages: 2 });
    const failed = await cli(['send', id, 'FAIL', '--agent', 'clerk', ...where]);
    expect(failed.err).toMatch(/Unauthorized: [^]*Try:/);
    const other = await cli(['send', id, 'hello', '--agent', 'counter', ...where]);
    expect(other).toMatchObject({ code: 1, out: '' });
    expect(other.err.replace(/\s+/g, ' ')).toContain('the session is with clerk, not with counter');
    const none = await cli(['send', id, ...where]);
    expect(none.code).toBe(2);
  });

  it('fails at once for an agent that no worker knows, and leaves no run open', async () => {
    const { baton } = await stage;
    const { address } = await testServer();
    const id = `cli-${randomUUID().slice(0, 8)}`;
    const where = ['--address', address, '--task-queue', baton.taskQueue];
    const { code, err } = await cli(['send', id, 'hello', '--agent', 'nosuch', ...where]);
    expect(code).toBe(1);
    expect(err).toMatch(/^AgentUnknown: [^]*the worker has no agent "nosuch"/);
    await expect(baton.run(id).result()).rejects.toMatchObject({ cause: { type: 'AgentUnknown' } });
    // The id is free again.
    expect(await cli(['send', id, 'hello', '--agent', 'clerk', '--close', ...where])).toMatchObject({
      out: 're: hello\n',
    });
  });
});
