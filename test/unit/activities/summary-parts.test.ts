import { summaryParts } from '../../../src/activities/summary-parts.js';
import type { Message } from '../../../src/agents/message.js';

const turns = (count: number): Message[] =>
  Array.from({ length: count }, (_, i): Message[] => [
    { role: 'assistant', calls: [{ tool: 'search', arguments: `${i}` }] },
    { role: 'tool', call: 0, tool: 'search', content: 'found' },
  ]).flat();
const messages: Message[] = [{ role: 'user', content: 'input' }, ...turns(6)];

const parts = (atOnce: number, view?: { from: number }) =>
  summaryParts(messages, { view, to: 9, fits: (shown) => shown.length <= atOnce });

describe('summaryParts', () => {
  it('takes all at once where it fits', () => {
    expect(parts(9)).toEqual([9]);
  });

  it('takes as many whole turns as fit, and goes on from there', () => {
    expect(parts(4)).toEqual([3, 5, 7, 9]);
    expect(parts(5, { from: 3 })).toEqual([7, 9]);
  });

  it('takes one turn at a time where not even that fits', () => {
    expect(parts(0)).toEqual([1, 3, 5, 7, 9]);
  });
});
