import type { Message } from '../../../src/agents/message.js';
import { Mailbox } from '../../../src/workflows/mailbox.js';
import { newestExchanges } from '../../../src/workflows/newest-exchanges.js';

/** A mailbox whose waits end when they are looked at. */
function open(carried?: ConstructorParameters<typeof Mailbox>[0]) {
  const mailbox = new Mailbox(carried);
  const waits = new Set<() => void>();
  const wait = (isMet: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isMet()) return;
        waits.delete(look);
        resolve();
      };
      waits.add(look);
      look();
    });
  const send = (id: string, message: unknown = `m-${id}`) => mailbox.send({ id, message }, wait);
  const answer = (output: string) => {
    const { next } = mailbox;
    if (!next) throw new Error('nothing to answer');
    mailbox.answer(next, { ok: true, value: output });
    waits.forEach((look) => look());
    return next.message;
  };
  return { mailbox, send, answer, settle: () => waits.forEach((look) => look()) };
}

describe('Mailbox', () => {
  it('has messages answered in the order in which they came', async () => {
    const { send, answer, mailbox } = open();
    const answers = [send('a'), send('b')];
    expect([answer('A'), answer('B')]).toEqual(['m-a', 'm-b']);
    expect(await Promise.all(answers)).toEqual(['A', 'B']);
    expect([mailbox.answered, mailbox.isQuiet]).toEqual([2, true]);
  });

  it('gives an id one answer, while it waits and afterwards', async () => {
    const { send, answer, mailbox } = open();
    const answers = [send('a'), send('a')];
    answer('A');
    expect(await Promise.all([...answers, send('a', 'another text')])).toEqual(['A', 'A', 'A']);
    expect(mailbox.next).toBeUndefined();
  });

  it('gives a failure as the answer, also again', async () => {
    const { send, mailbox, settle } = open();
    const first = send('a');
    const letter = mailbox.next;
    const failure = { code: 'Refused', message: 'no', details: undefined };
    if (letter) mailbox.answer(letter, { ok: false, failure });
    settle();
    await expect(first).rejects.toMatchObject({ type: 'Refused', message: 'no' });
    await expect(send('a')).rejects.toMatchObject({ type: 'Refused' });
  });

  it.each([
    ['nothing', undefined],
    ['no id', { message: 'x' }],
    ['an empty id', { id: '', message: 'x' }],
    ['a long id', { id: 'x'.repeat(201), message: 'x' }],
    ['no message', { id: 'a' }],
  ])('refuses %s', (_, raw) => {
    expect(() => open().mailbox.check(raw)).toThrow(expect.objectContaining({ type: 'MessageInvalid' }));
  });

  it('takes no new message when it moves or is closed, but answers what it has and what it knows', async () => {
    const { send, answer, mailbox } = open();
    const first = send('a');
    mailbox.move();
    expect(() => mailbox.check({ id: 'b', message: 1 })).toThrow(
      expect.objectContaining({ type: 'SessionMoving' }),
    );
    mailbox.close();
    mailbox.move();
    expect(() => mailbox.check({ id: 'b', message: 1 })).toThrow(
      expect.objectContaining({ type: 'SessionClosed' }),
    );
    answer('A');
    expect(await Promise.all([first, send('a')])).toEqual(['A', 'A']);
  });

  it('tells those that wait when it is given up', async () => {
    const { send, mailbox, settle } = open();
    const first = send('a');
    mailbox.abandon({ code: 'SessionClosed', message: 'it is over', details: undefined });
    settle();
    await expect(first).rejects.toMatchObject({ type: 'SessionClosed', message: 'it is over' });
    expect(mailbox.isQuiet).toBe(true);
  });

  it('carries the newest 200 answers, and 10,000 ids', async () => {
    const { send, answer, mailbox } = open();
    for (let n = 1; n <= 10_001; n++) {
      const sent = send(`id-${n}`);
      answer(`answer ${n}`);
      await sent;
    }
    const carried = mailbox.carry();
    const next = open(JSON.parse(JSON.stringify(carried)) as typeof carried);
    expect(next.mailbox.answered).toBe(10_001);
    expect(await next.send('id-9802')).toBe('answer 9802');
    await expect(next.send('id-9801')).rejects.toMatchObject({ type: 'AnswerForgotten' });
    await expect(next.send('id-2')).rejects.toMatchObject({ type: 'AnswerForgotten' });
    void next.send('id-1');
    expect(next.mailbox.next?.id).toBe('id-1');
  });

  it('keeps no more than 250 kB of answers', async () => {
    const { send, answer, mailbox } = open();
    for (const id of ['a', 'b', 'c']) {
      const sent = send(id);
      answer('é'.repeat(50_000));
      await sent;
    }
    expect(mailbox.carry().answers.map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('newestExchanges', () => {
  const user = (content: string): Message => ({ role: 'user', content });
  const assistant = (text: string): Message => ({ role: 'assistant', text });
  const conversation = [
    user('one'),
    assistant('eins'),
    user('two'),
    { role: 'assistant', calls: [{ tool: 'read', arguments: '{}' }] },
    { role: 'tool', call: 0, tool: 'read', content: 'zwei' },
    assistant('zwei'),
    user('three'),
    { role: 'user', content: 'again', repair: true },
    assistant('drei'),
  ] satisfies Message[];
  const size = (messages: Message[]) =>
    messages.reduce((sum, message) => sum + JSON.stringify(message).length + 1, 0);

  it('keeps whole exchanges, the newest', () => {
    for (const from of [0, 2, 6]) {
      const kept = conversation.slice(from);
      expect(newestExchanges(conversation, size(kept))).toEqual(kept);
      expect(newestExchanges(conversation, size(kept) + 40)).toEqual(kept);
    }
  });

  it('keeps question and answer of a newest exchange that is too large', () => {
    const [question, , answer] = conversation.slice(6);
    expect(newestExchanges(conversation, size(conversation.slice(6)) - 1)).toEqual([question, answer]);
    expect(newestExchanges(conversation, 10)).toEqual([]);
    expect(newestExchanges([], 10)).toEqual([]);
  });
});
