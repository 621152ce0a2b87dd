import fc from 'fast-check';
import type { Message } from '../../../src/agents/message.js';
import { cutTranscript } from '../../../src/workflows/cut-conversation.js';
import { Transcript } from '../../../src/workflows/transcript.js';

const user = (content: string, more = {}): Message => ({ role: 'user', content, ...more });
/** A turn with so many calls, and their results. */
const turn = (name: string, calls: number): Message[] => [
  {
    role: 'assistant',
    text: name,
    ...(calls > 0
      ? {
          calls: Array.from({ length: calls }, (_, i) => ({
            tool: 'find',
            arguments: `{"at":"${name} ${i}"}`,
          })),
        }
      : {}),
  },
  ...Array.from({ length: calls }, (_, call): Message => ({
    role: 'tool',
    call,
    tool: 'find',
    content: `${name} ${call}`,
  })),
];

function transcriptOf(messages: readonly Message[]): Transcript {
  const transcript = new Transcript(1);
  messages.forEach((message, i) =>
    transcript.append(message, message.role === 'user' ? undefined : `digest ${i}`),
  );
  return transcript;
}

const cut = (messages: readonly Message[], keep: number) =>
  cutTranscript(transcriptOf(messages), keep).messages.map(({ message }) => message);

describe('cutTranscript', () => {
  const conversation = [
    user('context'),
    user('input'),
    ...turn('a', 2),
    user('remember', { pinned: true, repair: true }),
    ...turn('b', 2),
    ...turn('c', 1),
  ];

  it('keeps all where it fits, with the digests of what activities made', () => {
    const { messages, bytes } = cutTranscript(transcriptOf(conversation), 10_000);
    expect(messages.map(({ message }) => message)).toEqual(conversation);
    expect(messages.map(({ digest }) => digest !== undefined)).toEqual(
      conversation.map(({ role }) => role !== 'user'),
    );
    expect(bytes).toBeLessThan(10_000);
  });

  it('keeps the input with its context, what is pinned, and the newest turn, and tells what is left out', () => {
    expect(cut(conversation, 1)).toEqual([
      user('context'),
      user('input'),
      user('remember', { pinned: true, repair: true }),
      user('[6 messages earlier in this conversation left out]', { summary: true, leftOut: 6 }),
      ...turn('c', 1),
    ]);
  });

  it('counts on what was left out before', () => {
    const again = [...cut(conversation, 1), ...turn('d', 0)];
    expect(cut(again, 1)).toEqual([
      user('context'),
      user('input'),
      user('remember', { pinned: true, repair: true }),
      user('[8 messages earlier in this conversation left out]', { summary: true, leftOut: 8 }),
      ...turn('d', 0),
    ]);
  });

  it('keeps the order where the input is new', () => {
    const later = [user('first'), ...turn('a', 0), user('second'), ...turn('b', 1)];
    expect(cut(later, 10_000)).toEqual(later);
    expect(cut(later, 1)).toEqual([
      user('second'),
      user('[2 messages earlier in this conversation left out]', { summary: true, leftOut: 2 }),
      ...turn('b', 1),
    ]);
  });

  it('carries what models are shown, with the summary, not the whole', () => {
    const transcript = transcriptOf([...conversation, user('in short', { summary: true }), ...turn('d', 1)]);
    transcript.view = { from: 6, input: [0, 1], summary: 11 };
    const { messages } = cutTranscript(transcript, 10_000);
    expect(messages.map(({ message }) => message)).toEqual(
      [
        user('context'),
        user('input'),
        user('remember', { pinned: true, repair: true }),
        user('in short', { summary: true }),
        ...turn('b', 2),
        ...turn('c', 1),
        ...turn('d', 1),
      ].flatMap((message, i) => (i === 4 ? [leftOut(3), message] : [message])),
    );
  });

  it('never parts calls from results, and fits the bytes but for what is always kept', () => {
    const turns = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        turns,
        fc.integer({ min: 1, max: 4_000 }),
        fc.integer({ min: 1, max: 4 }),
        (calls, keep, times) => {
          let messages: Message[] = [user('input')];
          let said = 1;
          for (let time = 0; time < times; time++) {
            const more = calls.flatMap((count, i) => turn(`${time} ${i}`, count));
            said += more.length;
            messages = cut([...messages, ...more], keep);
          }
          const told = messages.reduce(
            (sum, message) => sum + (message.role === 'user' ? (message.leftOut ?? 0) : 0),
            0,
          );
          const lines = messages.filter(
            (message) => message.role === 'user' && message.leftOut !== undefined,
          );
          expect(told + messages.length - lines.length).toBe(said);
          expect(lines.length).toBeLessThanOrEqual(1);
          expect(messages[0]).toEqual(user('input'));
          messages.forEach((message, i) => {
            const results = message.role === 'assistant' ? (message.calls?.length ?? 0) : 0;
            const after = messages.slice(i + 1, i + 1 + results).map(({ role }) => role);
            expect(after).toEqual(Array(results).fill('tool'));
          });
          const roles = messages.map(({ role }) => role);
          roles.forEach((role, i) =>
            expect(role !== 'tool' || ['assistant', 'tool'].includes(roles[i - 1] ?? '')).toBe(true),
          );
        },
      ),
    );
  });
});

function leftOut(count: number): Message {
  const what = count === 1 ? '1 message' : `${count} messages`;
  return user(`[${what} earlier in this conversation left out]`, { summary: true, leftOut: count });
}
