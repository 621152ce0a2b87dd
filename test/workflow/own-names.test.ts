import { randomUUID } from 'node:crypto';
import { cli } from '../support/cli.js';
import { clerkScript } from '../support/clerk-script.js';
import { testServer } from '../support/server.js';
import { spans } from '../support/spans.js';
import { openStage } from '../support/stage.js';
import * as agents from './fixtures/own-names-agents.js';
import type * as workflows from './fixtures/own-names-workflows.js';

describe('a user\'s orchestrations called "agent" and "session"', () => {
  const stage = openStage(
    agents,
    (model) => {
      const isLead = (text: string) => text.includes('You are the lead.');
      const calls = { calls: [{ tool: 'clerk', args: { input: 'as a tool' } }] };
      model.script(
        { when: ({ messages }) => isLead(JSON.stringify(messages)) && messages.length === 2, reply: calls },
        { when: 'You are the lead.', reply: (request) => String(request.messages.at(-1)?.content) },
      );
      return clerkScript(model).models('small');
    },
    new URL('./fixtures/own-names-workflows.ts', import.meta.url),
  );
  afterAll(async () => (await stage).close());

  it('are run under their names', async () => {
    const { baton } = await stage;
    for (const name of ['agent', 'session'] as const) {
      const run = await baton.start<(typeof workflows)[typeof name]>(name, undefined as never);
      expect(await run.result()).toBe(`the user's ${name}`);
    }
  });

  it("do not take the place of Baton's own where agents run in children", async () => {
    const { baton } = await stage;
    const run = await baton.start<typeof workflows.asksAll>('asksAll', undefined as never);
    expect(await run.result()).toEqual({
      child: 're: child',
      tool: 're: as a tool',
      mapped: ['re: mapped 1', 're: mapped 2'],
      planned: ['re: planned'],
    });
    // By their agents' names, beside those of the batches.
    const children = spans(await run.trace(), 'child').filter(({ type }) => type === 'baton_agent');
    expect(children.map(({ name }) => name)).toEqual(Array(5).fill('clerk.1'));
  });

  it("do not take the place of Baton's session", async () => {
    const { baton } = await stage;
    const chat = baton.session<typeof agents.clerk>('clerk', { id: `own-${randomUUID()}` });
    expect(await chat.send('hello')).toBe('re: hello');
    await chat.close();
    expect(await chat.run.result()).toEqual({ ended: 'closed', messages: 1 });
    expect((await chat.run.trace()).name).toBe('session');
    const { address } = await testServer();
    const query = `WorkflowId = "${chat.id}"`;
    const listed = await cli(['list', '--query', query, '--address', address]);
    expect(listed.out).toMatch(/own-\S+ +session +completed/);
  });
});
