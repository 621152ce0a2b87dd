import { splitPlace, summaryParts } from '../../../src/activities/summary-parts.js';
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

describe('splitPlace', () => {
  const ask: Message = { role: 'user', content: 'Sum up' };
  const place = (part: Message[], view?: { from: number; summary?: number }) =>
    splitPlace(part, view, (message) => JSON.stringify(message).length);

  it('splits in the middle, never between a call and its result', () => {
    expect(place([...messages, ask])).toBe(7);
    expect(place([...messages.slice(0, 5), ask], { from: 1 })).toBe(3);
  });

  it('cannot split one turn, whatever stands behind it', () => {
    const summary: Message = { role: 'user', content: 'In short', summary: true };
    expect(place([...messages.slice(0, 3), ask], { from: 1 })).toBeUndefined();
    expect(place([...messages.slice(0, 3), summary, ask], { from: 1, summary: 3 })).toBeUndefined();
  });

  it('comes to single turns in the end, and leaves none out', () => {
    for (let count = 1; count <= 12; count++) {
      const all = turns(count);
      const ends: number[] = [];
      const split = (from: number, to: number): void => {
        const at = place([...all.slice(0, to), ask], { from });
        if (at === undefined) {
          ends.push(to);
          return;
        }
        expect(at > from && at < to).toBe(true);
        split(from, at);
        split(at, to);
      };
      split(0, all.length);
      expect(ends).toEqual(Array.from({ length: count }, (_, i) => 2 * (i + 1)));
    }
  });
});
