import { randomUUID } from 'node:crypto';
import type { AgentSessionOptions, Baton } from '../../src/client.js';
import { clerkScript } from '../support/clerk-script.js';
import { openStage } from '../support/stage.js';
import * as agents from './fixtures/session-agents.js';

const large = (id: string, word: string, bytes: number) => `${word} ${id} ${'x'.repeat(bytes)}`;

describe('what a session carries', () => {
  const stage = openStage(agents, (model) => clerkScript(model).models('small'));
  let baton: Baton;

  beforeAll(async () => {
    ({ baton } = await stage);
  });
  afterAll(async () => (await stage).close());

  const open = (options: Partial<AgentSessionOptions> = {}) => {
    const id = `chat-${randomUUID()}`;
    return { id, chat: baton.session<typeof agents.clerk>('clerk', { id, ...options }) };
  };

  test.concurrent('sends what is large once, also after a failed turn', async () => {
    const { id, chat } = open({ keep: 1_000_000 });
    const fail = () => expect(chat.send(`FAIL ${id}`)).rejects.toMatchObject({ code: 'Unauthorized' });
    await fail();
    await chat.send(large(id, 'one', 400_000));
    await fail();
    await fail();
    const two = large(id, 'two', 1_200_000);
    expect(await chat.send(two)).toBe(`re: ${two}`);
    await chat.run.cancel();
  });

  test.concurrent('refuses a message that does not fit one turn with the context, and goes on', async () => {
    const { id, chat } = open({
      context: `about ${'x'.repeat(790_000)}`,
      keep: 1_000_000,
      messagesPerRun: 1,
    });
    await expect(chat.send(large(id, 'one', 800_000))).rejects.toMatchObject({
      code: 'TooLarge',
      message: 'clerk: what an agent is told at once has more than 1500000 bytes',
    });
    // What is kept of it goes to the next run's first turn with the context and the next message.
    for (const word of ['two', 'three']) {
      const text = large(id, word, 400_000);
      expect(await chat.send(text)).toBe(`re: ${text}`);
    }
    await chat.close();
    expect(await chat.run.result()).toEqual({ ended: 'closed', messages: 3 });
  });

  test.concurrent('does not begin with a context that leaves no room for a conversation', async () => {
    const { chat } = open({ context: 'x'.repeat(800_000) });
    await expect(chat.send('one')).rejects.toMatchObject({ code: 'SessionClosed' });
    await expect(chat.run.result()).rejects.toMatchObject({ cause: { type: 'TooLarge' } });
  });
});
