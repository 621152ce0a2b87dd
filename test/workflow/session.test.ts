import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AgentSessionOptions, Baton } from '../../src/client.js';
import { startScriptedModel, type ChatRequest, type ScriptedModel } from '../../src/testing/index.js';
import { bundleFile } from '../support/bundle-file.js';
import { clerkScript, lastOf } from '../support/clerk-script.js';
import { cli } from '../support/cli.js';
import { testServer } from '../support/server.js';
import { openStage } from '../support/stage.js';
import { startWorkerProcess } from '../support/worker-process.js';
import * as agents from './fixtures/session-agents.js';
import { late, noSession, support } from './fixtures/session-workflows.js';

const workflows = new URL('./fixtures/session-workflows.ts', import.meta.url);

/** What was asked of the model in one session: requests whose last message holds the word. */
function askedIn(model: ScriptedModel, word: string): ChatRequest[] {
  return model.requests.filter((request) => lastOf(request).includes(word));
}

const unique = () => randomUUID().slice(0, 8);

describe('session', () => {
  const stage = openStage(agents, (model) => clerkScript(model).models('small'), workflows);
  let baton: Baton;
  let model: ScriptedModel;

  beforeAll(async () => {
    ({ baton, model } = await stage);
  });
  afterAll(async () => (await stage).close());

  const open = (options: Partial<AgentSessionOptions> = {}) => {
    const id = `chat-${unique()}`;
    return { id, chat: baton.session<typeof agents.clerk>('clerk', { id, ...options }) };
  };

  test.concurrent('answers messages in one conversation, and ends when it is closed', async () => {
    const { id, chat } = open({ context: `about ${unique()}` });
    expect(await chat.send(`one ${id}`)).toBe(`re: one ${id}`);
    expect(await chat.send(`two ${id}`)).toBe(`re: two ${id}`);
    const [, second] = askedIn(model, id);
    expect(second?.messages.slice(1).map(({ content }) => content)).toEqual([
      expect.stringMatching(/^about/),
      `one ${id}`,
      `re: one ${id}`,
      `two ${id}`,
    ]);
    await chat.close();
    expect(await chat.run.result()).toEqual({ ended: 'closed', messages: 2 });
    const { children } = await chat.run.trace();
    // Timers of the waits for messages that came are left out.
    // The activity tells whether the worker has the agent.
    const kinds = ['activity', 'agent', 'agent', 'signal', 'update', 'update'];
    expect(children.map(({ kind }) => kind).sort()).toEqual(kinds);
  });

  test.concurrent('is typed by its agent, and refuses what does not fit its schema', async () => {
    const chat = baton.session<typeof agents.counter>('counter', { id: `count-${unique()}` });
    const { words } = await chat.send({ text: 'two words' });
    expect(words).toBe(2);
    await expect(chat.send({ txt: 'two words' } as never)).rejects.toMatchObject({ code: 'InputInvalid' });
    expect(await chat.send({ text: 'goes on' })).toEqual({ words: 2 });
    await chat.close();
    expect(await chat.run.result()).toMatchObject({ messages: 3 });
  });

  test.concurrent('goes on after a failed turn, which is no part of the conversation', async () => {
    const { id, chat } = open();
    await chat.send(`one ${id}`);
    await expect(chat.send(`FAIL ${id}`, { id: 'f' })).rejects.toMatchObject({ code: 'Unauthorized' });
    expect(await chat.send(`two ${id}`)).toBe(`re: two ${id}`);
    await expect(chat.send(`FAIL ${id}`, { id: 'f' })).rejects.toMatchObject({ code: 'Unauthorized' });
    expect(askedIn(model, id)).toHaveLength(3);
    expect(
      askedIn(model, `two ${id}`)[0]
        ?.messages.slice(1)
        .map(({ content }) => content),
    ).toEqual([`one ${id}`, `re: one ${id}`, `two ${id}`]);
    await chat.run.cancel();
  });

  test.concurrent('answers an id once, at the same time, later, and in the next run', async () => {
    const { id, chat } = open({ messagesPerRun: 2 });
    const same = { id: 'same' };
    const answers = await Promise.all([1, 2, 3].map(() => chat.send(`SLOWLY ${id}`, same)));
    expect(new Set(answers)).toEqual(new Set([`re: SLOWLY ${id}`]));
    for (let n = 1; n <= 5; n++) await chat.send(`${n} ${id}`);
    expect(await chat.send('another text', same)).toBe(`re: SLOWLY ${id}`);
    expect(askedIn(model, id)).toHaveLength(6);
    await chat.close();
    expect(await chat.run.result()).toEqual({ ended: 'closed', messages: 6 });
    expect((await chat.run.trace()).runIds).toHaveLength(4);
  });

  test.concurrent('answers what has come before it ends', async () => {
    const { id, chat } = open();
    const answers = [chat.send(`SLOWLY one ${id}`), chat.send(`SLOWLY two ${id}`)];
    while (askedIn(model, id).length === 0) await delay(20);
    await chat.close();
    await expect(chat.send(`too late ${id}`)).rejects.toMatchObject({ code: 'SessionClosed' });
    expect((await Promise.all(answers)).sort()).toEqual([`re: SLOWLY one ${id}`, `re: SLOWLY two ${id}`]);
    expect(await chat.run.result()).toEqual({ ended: 'closed', messages: 2 });
    // Under the id of one that has ended a new one begins.
    expect(await chat.send(`anew ${id}`)).toBe(`re: anew ${id}`);
    expect(askedIn(model, `anew ${id}`)[0]?.messages).toHaveLength(2);
    await chat.run.cancel();
  });

  test.concurrent('ends when it is idle', async () => {
    const { id, chat } = open({ idle: '300 ms' });
    await chat.send(`one ${id}`);
    expect(await chat.run.result()).toEqual({ ended: 'idle', messages: 1 });
  });

  test.concurrent('ends when it is cancelled: messages fail by name, and none begins it again', async () => {
    const { id, chat } = open();
    const codeOf = (error: { code: string }) => error.code;
    const answers = [chat.send(`HANG one ${id}`).catch(codeOf)];
    while (askedIn(model, id).length === 0) await delay(20);
    answers.push(chat.send(`two ${id}`).catch(codeOf));
    await delay(300); // it has come
    await chat.run.cancel();
    expect(await Promise.all(answers)).toEqual(['SessionClosed', 'SessionClosed']);
    await expect(chat.run.status()).resolves.toBe('CANCELLED');
  });

  test.concurrent('holds its budget over all its runs', async () => {
    const { id, chat } = open({ budget: { usd: 0.001 }, messagesPerRun: 1 });
    let sent = 0;
    const failed = await (async () => {
      for (; sent < 200; sent++) await chat.send(`${sent} ${id}`);
      return undefined;
    })().catch((error: { code: string }) => error.code);
    expect(failed).toBe('BudgetExceeded');
    expect(sent).toBeGreaterThan(0);
    const { totals } = await chat.run.trace();
    expect(totals.cost).toBeLessThanOrEqual(0.001);
    expect(totals.cost).toBeGreaterThan(0);
    await chat.run.cancel();
  });

  test.concurrent('carries the newest of the conversation in whole exchanges', async () => {
    const { id, chat } = open({ keep: 1_000, context: `about ${unique()}` });
    for (let n = 0; n < 12; n++) await chat.send(`${n} ${id} ${'x'.repeat(100)}`);
    await chat.close();
    await chat.run.result();
    expect((await chat.run.trace()).runIds.length).toBeGreaterThan(1);
    for (const { messages } of askedIn(model, id)) {
      const [, context, ...talk] = messages.map(({ content }) => String(content));
      expect(context).toMatch(/^about/);
      expect(JSON.stringify(talk).length).toBeLessThan(3_500);
      // Without a gap, beginning with a message and not with an answer.
      const numbers = talk.filter((_, i) => i % 2 === 0).map((text) => Number(text.split(' ')[0]));
      expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
      expect(talk.filter((_, i) => i % 2 === 1).every((text) => text.startsWith('re: '))).toBe(true);
    }
  });

  test.concurrent('takes more at once than Temporal lets be under way', async () => {
    const { id, chat } = open();
    const texts = Array.from({ length: 25 }, (_, n) => `${n} ${id}`);
    expect(await Promise.all(texts.map((text) => chat.send(text)))).toEqual(
      texts.map((text) => `re: ${text}`),
    );
    expect(askedIn(model, id)).toHaveLength(25);
    await chat.close();
    expect(await chat.run.result()).toMatchObject({ messages: 25 });
  });

  test.concurrent("is a part of an orchestration of one's own", async () => {
    const id = `support-${unique()}`;
    const chat = baton.session(support, { id, input: { ticket: id, perRun: 1 } });
    for (const n of [1, 2, 3]) expect(await chat.send(`${n} ${id}`)).toBe(`re: ${n} ${id}`);
    // An event that comes in the first run is there in the last.
    await chat.run.emit({ name: 'note', data: 'kept' });
    await chat.send(`4 ${id}`);
    await chat.close();
    const run = baton.run(id);
    expect(await run.result()).toEqual({ ticket: id, ended: 'closed', messages: 4, note: 'kept' });
    expect(askedIn(model, `4 ${id}`)[0]?.messages.map(({ content }) => content)).toContain(`re: 1 ${id}`);
    const agentsCalled = (await run.trace()).children.filter((span) => span.kind === 'agent');
    expect(agentsCalled.map(({ input, context }) => [input, context])).toEqual([
      [`1 ${id}`, { ticket: id }],
      ...[2, 3, 4].map((n) => [`${n} ${id}`, undefined]),
    ]);
    const { address } = await testServer();
    const { out } = await cli(['show', id, '--address', address]);
    expect(out).toContain(`message "4 ${id}"`);
    expect(out).toContain('event note "kept"');
  });

  test.concurrent('may begin late; a run without one says so', async () => {
    const id = `late-${unique()}`;
    const chat = baton.session(late, { id, input: undefined as never });
    expect(await chat.send(`one ${id}`)).toBe(`re: one ${id}`);
    await chat.close();
    const run = await baton.start(noSession, undefined as never);
    await expect(run.send('hello')).rejects.toMatchObject({ code: 'SessionClosed' });
    await expect(baton.run('nobody').send('hello')).rejects.toMatchObject({ code: 'RunNotFound' });
  });

  it('answers some hundreds of messages of several clients once each, in order, over many runs', async () => {
    const { connect } = await testServer();
    const id = `busy-${unique()}`;
    const clients = await Promise.all(Array.from({ length: 5 }, () => connect(baton.taskQueue)));
    const perClient = 50;
    await Promise.all(
      clients.map(async (client, c) => {
        const chat = client.session<typeof agents.clerk>('clerk', { id, messagesPerRun: 30, keep: 2_000 });
        for (let n = 0; n < perClient; n++) {
          const text = `<${c}.${n}> ${id}`;
          const messageId = `${c}.${n}`;
          // Every third message is sent twice at once, as by a client that does not know whether it got through.
          const sent = [chat.send(text, { id: messageId })];
          if (n % 3 === 0) sent.push(chat.send(text, { id: messageId }));
          expect(new Set(await Promise.all(sent))).toEqual(new Set([`re: ${text}`]));
          if (n % 10 === 9) expect(await chat.send('again', { id: messageId })).toBe(`re: ${text}`);
        }
      }),
    );
    const asked = askedIn(model, id).map((request) => /<(.*)>/.exec(lastOf(request))?.[1] ?? '');
    expect(asked).toHaveLength(5 * perClient);
    expect(new Set(asked).size).toBe(5 * perClient);
    for (let c = 0; c < 5; c++) {
      const own = asked.filter((place) => place.startsWith(`${c}.`));
      expect(own).toEqual(Array.from({ length: perClient }, (_, n) => `${c}.${n}`));
    }
    // Each request goes on from the one before it.
    askedIn(model, id).forEach(({ messages }, i, all) => {
      const before = all[i - 1];
      if (before) expect(messages.at(-3)?.content).toBe(lastOf(before));
    });
    const { run } = clients[0]?.session('clerk', { id }) ?? {};
    await run?.close();
    expect(await run?.result()).toEqual({ ended: 'closed', messages: 5 * perClient });
    expect((await run?.trace())?.runIds.length).toBeGreaterThanOrEqual(8);
    await Promise.all(clients.map((client) => client.close()));
  }, 120_000);
});

describe('a session whose workers are killed', () => {
  it('goes on, and answers every message once', async () => {
    const model = clerkScript(await startScriptedModel());
    const { address, connect } = await testServer();
    const taskQueue = `test-${randomUUID()}`;
    const baton = await connect(taskQueue);
    const settings = {
      address,
      taskQueue,
      bundle: await bundleFile(fileURLToPath(workflows)),
      agents: fileURLToPath(new URL('./fixtures/session-agents.ts', import.meta.url)),
      models: model.models('small'),
    };
    const first = await startWorkerProcess(settings);
    const id = `killed-${unique()}`;
    const chat = baton.session<typeof agents.clerk>('clerk', { id, messagesPerRun: 4 });
    const answers = [1, 2, 3, 4, 5, 6].map((n) => chat.send(`SLOWLY ${n} ${id}`, { id: `m${n}` }));
    while (askedIn(model, id).length < 3) await delay(20);
    await delay(300); // the model is at work
    first.kill('SIGKILL');
    const second = await startWorkerProcess(settings);
    expect(await Promise.all(answers)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `re: SLOWLY ${n} ${id}`));
    for (const n of [1, 6]) expect(await chat.send('again', { id: `m${n}` })).toBe(`re: SLOWLY ${n} ${id}`);
    // Only the call that was cut off was made again.
    expect(askedIn(model, id).length).toBeLessThanOrEqual(7);
    await chat.close();
    expect(await chat.run.result()).toEqual({ ended: 'closed', messages: 6 });
    await second.end();
    await baton.close();
    await model.stop();
  });
});
