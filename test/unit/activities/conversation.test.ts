import type { Message } from '../../../src/agents/message.js';
import { Conversation } from '../../../src/activities/conversation.js';
import { callId } from '../../../src/activities/call-id.js';
import { chain, digestOf } from '../../../src/activities/digest.js';
import { TranscriptCache } from '../../../src/activities/transcript-cache.js';
import { random } from './random.js';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

function randomMessage(next: () => number): Message {
  const text = Array.from({ length: Math.floor(next() * 30) }, () =>
    String.fromCodePoint(32 + Math.floor(next() * 2000)),
  ).join('');
  const kind = Math.floor(next() * 4);
  if (kind === 0) return { role: 'user', content: next() < 0.5 ? text : { text, n: Math.floor(next() * 9) } };
  if (kind === 1) return { role: 'assistant', text };
  if (kind === 2)
    return { role: 'assistant', calls: [{ tool: 'find', arguments: JSON.stringify({ text }) }] };
  return { role: 'tool', call: 0, tool: 'find', content: text, ...(next() < 0.2 ? { isError: true } : {}) };
}

const randomMessages = (next: () => number, count: number) =>
  Array.from({ length: count }, () => randomMessage(next));

describe('Conversation', () => {
  it.each(SEEDS)('is the same however it was put together (seed %i)', (seed) => {
    const next = random(seed);
    const messages = randomMessages(next, 40);
    const whole = Conversation.EMPTY.append(messages);
    let grown = Conversation.EMPTY;
    for (let from = 0; from < messages.length;) {
      const to = from + 1 + Math.floor(next() * 5);
      grown = grown.append(messages.slice(from, to));
      from = to;
    }
    expect(grown).toEqual(whole);
    const length = Math.floor(next() * 41);
    const prefix = whole.take(length);
    expect(prefix.append(messages.slice(length))).toEqual(whole);
    expect(prefix.head).toBe(whole.headAt(length));
    expect(prefix).toEqual(Conversation.EMPTY.append(messages.slice(0, length)));
  });

  it.each(SEEDS)('has another digest where any message is another (seed %i)', (seed) => {
    const next = random(seed);
    const messages = randomMessages(next, 20);
    const place = Math.floor(next() * 20);
    const changed = messages.with(place, { role: 'user', content: 'something else' });
    const [a, b] = [Conversation.EMPTY.append(messages), Conversation.EMPTY.append(changed)];
    for (let length = 0; length <= 20; length++) {
      expect(a.headAt(length) === b.headAt(length)).toBe(length <= place);
    }
  });

  it('has digests that a JSON round trip keeps, and the formula of the contract', () => {
    const next = random(9);
    const messages = randomMessages(next, 10);
    const carried = JSON.parse(JSON.stringify(messages)) as Message[];
    const { head } = Conversation.EMPTY.append(messages);
    expect(Conversation.EMPTY.append(carried).head).toBe(head);
    expect(messages.reduce((last, message) => chain(last, digestOf(message)), '')).toBe(head);
  });

  it('knows no digest over more than it has', () => {
    expect(Conversation.EMPTY.headAt(0)).toBe('');
    expect(Conversation.EMPTY.headAt(1)).toBeUndefined();
  });
});

describe('TranscriptCache', () => {
  it('finds what was just remembered', () => {
    const cache = new TranscriptCache(1_000_000);
    const conversation = Conversation.EMPTY.append(randomMessages(random(1), 5));
    cache.rememberPrefix('run/1', conversation);
    expect(cache.prefix('run/1')).toBe(conversation);
    const digest = cache.rememberMessage({ role: 'user', content: 'Hello' });
    expect(cache.message(digest)).toEqual({ role: 'user', content: 'Hello' });
    expect(cache.message('other')).toBeUndefined();
  });

  it('forgets what was longest not asked for when it is full', () => {
    const cache = new TranscriptCache(5_000);
    const digests = Array.from({ length: 20 }, (_, i) =>
      cache.rememberMessage({ role: 'user', content: `${i} ${'x'.repeat(300)}` }),
    );
    expect(digests.slice(0, 10).map((digest) => cache.message(digest))).toEqual(Array(10).fill(undefined));
    expect(cache.message(digests.at(-1) ?? '')).toBeDefined();
  });
});

describe('the id of a call', () => {
  it('is nine alphanumerics, and another for every place', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => callId(1, Math.floor(i / 10), i % 10));
    expect(ids.every((id) => /^[a-z0-9]{9}$/.test(id))).toBe(true);
    expect(new Set(ids)).toHaveProperty('size', ids.length);
  });
});
