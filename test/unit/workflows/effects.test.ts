import type { Effect } from '../../../src/agents/effect.js';
import { Effects } from '../../../src/workflows/effects.js';

const book = (title: string) => ({ effect: { title } as Effect });

describe('what a saga has done', () => {
  it('is undone in the reverse order: first what nobody tells the end of, the one that was begun last before the others', () => {
    const effects = new Effects(1, { known: 0 });
    for (const id of ['a', 'b', 'c', 'd']) effects.begin(id, book(id), true);
    effects.settle('b', 'unknown');
    effects.settle('a', 'unknown');
    const order = [1, 2, 3, 4].map(() => effects.takeNewest()?.id);
    expect(order).toEqual(['d', 'c', 'a', 'b']);
  });

  it('is not waited for as what this run itself does, where the run before did it', () => {
    const before = new Effects(1, { known: 0 });
    before.begin('a', book('a'));
    expect(before.isOpenHere).toBe(true);
    const { isOpen, isOpenHere } = new Effects(1, { known: 0 }, before.carry());
    expect([isOpen, isOpenHere]).toEqual([true, false]);
  });
});
