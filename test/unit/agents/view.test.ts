import type { Message } from '../../../src/agents/message.js';
import { inputPlaces, shownOf, type View } from '../../../src/agents/view.js';

const call: Message = { role: 'assistant', calls: [{ tool: 'search', arguments: '{}' }] };
const result = (content: string): Message => ({ role: 'tool', call: 0, tool: 'search', content });
const said = (content: string, more: object = {}): Message => ({ role: 'user', content, ...more });

const conversation: Message[] = [
  said('rule', { pinned: true }),
  { role: 'assistant', text: 'fine' },
  said('notes'),
  said('input'),
  call,
  result('x'.repeat(3000)),
  call,
  result('short'),
  call,
  result('y'.repeat(3000)),
  said('in short', { summary: true }),
];

/** Places and contents, calls as `call`. */
const shown = (view?: View, messages = conversation) =>
  shownOf(messages, view).map(({ place, message }) => [
    place,
    message.role === 'assistant' ? (message.text ?? 'call') : message.content,
  ]);

describe('shownOf', () => {
  it('shows the whole where there is no view', () => {
    expect(shown()).toHaveLength(conversation.length);
  });

  it('shows a line for old results that are long', () => {
    expect(shown({ from: 0, results: 8 }).slice(4, 10)).toEqual([
      [4, 'call'],
      [5, '[result of search left out: 3 KB]'],
      [6, 'call'],
      [7, 'short'],
      [8, 'call'],
      [9, 'y'.repeat(3000)],
    ]);
  });

  it('tells how large a result was that was cut, and where the whole is kept', () => {
    const stored = { driver: 'files', claim: {}, bytes: 90_000, digest: 'd1' };
    const messages = [call, { ...result('z'.repeat(900)), cut: { bytes: 90_000 }, stored } as Message];
    expect(shown({ from: 0, results: 2 }, messages)[1]?.[1]).toBe(
      '[result of search left out: 90 KB; the whole is kept as "d1", which read_result reads]',
    );
  });

  it('keeps what is pinned and what the call works on, and tells how many are left out', () => {
    expect(shown({ from: 6, input: [2, 3] }).slice(0, 5)).toEqual([
      [0, 'rule'],
      [2, 'notes'],
      [3, 'input'],
      [5, '[3 messages earlier in this conversation left out]'],
      [6, 'call'],
    ]);
  });

  it('shows the summary in front of what is kept, and not where it stands', () => {
    const view = { from: 8, input: [2, 3] as [number, number], summary: 10, summarised: 6 };
    expect(shown(view)).toEqual([
      [0, 'rule'],
      [2, 'notes'],
      [3, 'input'],
      [10, 'in short'],
      [7, '[2 messages after this summary left out]'],
      [8, 'call'],
      [9, 'y'.repeat(3000)],
    ]);
  });

  it('never begins with a result', () => {
    expect(shown({ from: 9 }).map(([place]) => place)).toEqual([0, 7, 8, 9, 10]);
  });

  it('counts what an earlier run had left out', () => {
    const line = said('[5 messages earlier in this conversation left out]', { summary: true, leftOut: 5 });
    const messages = [line, ...conversation.slice(2)];
    expect(shown({ from: 5, input: [1, 2] }, messages)[2]).toEqual([
      4,
      '[7 messages earlier in this conversation left out]',
    ]);
  });
});

describe('inputPlaces', () => {
  it('is the newest input with its context', () => {
    expect(inputPlaces(conversation)).toEqual([2, 3]);
    expect(inputPlaces([...conversation, said('again', { repair: true })])).toEqual([2, 3]);
    expect(inputPlaces([call, result('x')])).toBeUndefined();
  });

  it('is the input that was handed over, with the note', () => {
    const messages = [said('You take over', { handoff: 'note' }), said('input', { handoff: 'input' }), call];
    expect(inputPlaces(messages)).toEqual([0, 1]);
    expect(inputPlaces([...messages, said('Back to you', { handoff: 'note' })])).toEqual([0, 1]);
  });
});
