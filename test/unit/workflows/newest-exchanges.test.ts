import type { Message } from '../../../src/agents/message.js';
import { newestExchanges } from '../../../src/workflows/newest-exchanges.js';

const said = (content: string, more: object = {}): Message => ({ role: 'user', content, ...more });
const answered = (text: string): Message => ({ role: 'assistant', text });
const exchange = (i: number) => [said(`question ${i}`), answered(`answer ${i}`)];

const rule = said('rule', { pinned: true });
const summary = said('in short', { summary: true });
const conversation = [rule, answered('fine'), summary, ...[1, 2, 3].flatMap(exchange)];

const bytesOf = (messages: Message[]) =>
  messages.reduce((sum, message) => sum + JSON.stringify(message).length + 1, 0);

describe('newestExchanges', () => {
  it('keeps what is pinned and the summary, and then the newest', () => {
    const bytes = bytesOf([rule, summary, ...exchange(3)]);
    expect(newestExchanges(conversation, bytes)).toEqual([rule, summary, ...exchange(3)]);
    expect(newestExchanges(conversation, bytes + 30)).toEqual([rule, summary, ...exchange(3)]);
    expect(newestExchanges(conversation, 2 * bytes)).toEqual([rule, summary, ...[1, 2, 3].flatMap(exchange)]);
  });

  it('keeps the newest alone where there is no room for those', () => {
    expect(newestExchanges(conversation, bytesOf(exchange(3)))).toEqual(exchange(3));
  });
});
