import { TranscriptCache } from '../../../src/activities/transcript-cache.js';
import type { Message } from '../../../src/agents/message.js';

const asked: Message = { role: 'user', content: 'What is in it?' };
const found: Message = { role: 'tool', call: 0, tool: 'find', content: 'x'.repeat(2_000) };

describe('what a workflow hands over to its worker', () => {
  it('is not held twice where the worker made it itself', () => {
    const cache = new TranscriptCache(1_000_000);
    cache.rememberMessage(found);
    cache.rememberFrom('run/1', 0, structuredClone([asked, found]));
    const { messages, length } = cache.prefix('run/1') ?? { length: 0 };
    expect(length).toBe(2);
    expect(messages?.[0]).toEqual(asked);
    expect(messages?.[1]).toBe(found);
  });

  it('has the digests that it would have message by message', () => {
    const cache = new TranscriptCache(1_000_000);
    cache.rememberFrom('run/1', 0, [asked, found]);
    cache.rememberFrom('run/2', 0, [asked]);
    cache.rememberFrom('run/2', 1, [found]);
    expect(cache.prefix('run/1')?.head).toBe(cache.prefix('run/2')?.head);
    expect(cache.prefix('run/1')?.size).toBe(cache.prefix('run/2')?.size);
  });

  it('is left where what comes before it is not there', () => {
    const cache = new TranscriptCache(1_000_000);
    cache.rememberFrom('run/1', 1, [found]);
    expect(cache.prefix('run/1')).toBeUndefined();
  });
});
