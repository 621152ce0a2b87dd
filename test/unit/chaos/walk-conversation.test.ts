import { inputOf, type Errand } from '../../chaos/errand.js';
import {
  BROKEN_ARGUMENTS,
  GARBAGE,
  nextOf,
  walkConversation,
  type ShownMessage,
} from '../../chaos/walk-conversation.js';

const errand: Errand = {
  errand: 'case-1/a',
  turns: [
    [
      { tool: 'look', args: { at: 'x' } },
      { tool: 'look', args: { at: 'y' } },
    ],
    [{ tool: 'look', args: { at: 'z' } }],
  ],
};
const calls = (...args: string[]): ShownMessage => ({
  role: 'assistant',
  content: null,
  tool_calls: args.map((text, i) => ({
    id: `call ${text} ${i}`,
    function: { name: 'look', arguments: text },
  })),
});
const result = (text: string, i = 0): ShownMessage => ({
  role: 'tool',
  tool_call_id: `call ${text} ${i}`,
  content: `seen ${text}`,
});
const [x, y, z] = ['x', 'y', 'z'].map((at) => JSON.stringify({ at })) as [string, string, string];

const whole: ShownMessage[] = [
  { role: 'system', content: 'You look.' },
  { role: 'user', content: inputOf(errand) },
  calls(x, y),
  result(x),
  result(y, 1),
  calls(z),
  result(z),
  {
    role: 'assistant',
    content: JSON.stringify({ errand: 'case-1/a', told: [`seen ${x}`, `seen ${y}`, `seen ${z}`] }),
  },
];
const problemsOf = (messages: ShownMessage[]) => walkConversation(messages).problems;

describe('the walk through a conversation', () => {
  it('finds nothing wrong with one that is as it must be, and says what comes next', () => {
    expect(walkConversation(whole)).toMatchObject({ problems: [], errands: [{ isAnswered: true }] });
    const begun = walkConversation(whole.slice(0, 5));
    expect(begun.problems).toEqual([]);
    expect(begun.errands.map(nextOf)).toEqual([{ calls: errand.turns[1] }]);
  });

  it('passes over arguments that were broken, and outputs that had to be repaired', () => {
    const repair: ShownMessage = { role: 'user', content: 'No.\nAnswer again, corrected.' };
    const messages = [
      ...whole.slice(0, 5),
      calls(BROKEN_ARGUMENTS),
      result(BROKEN_ARGUMENTS),
      ...whole.slice(5, 7),
      { role: 'assistant', content: GARBAGE },
      repair,
      ...whole.slice(7),
    ];
    expect(problemsOf(messages)).toEqual([]);
  });

  it.each(whole.map((message, place) => [`${message.role} ${place}`, place] as const).slice(1, -1))(
    'sees where message %s is missing, and where it is doubled',
    (_, place) => {
      expect(problemsOf(whole.toSpliced(place, 1))).not.toEqual([]);
      expect(problemsOf(whole.toSpliced(place, 0, whole[place] as ShownMessage))).not.toEqual([]);
    },
  );

  it('sees a turn that was taken twice, one that was left out, and an answer that is not what the tools gave', () => {
    expect(problemsOf([...whole.slice(0, 5), ...whole.slice(2)])).not.toEqual([]);
    expect(problemsOf(whole.toSpliced(2, 3))).not.toEqual([]);
    const changed = whole.with(6, { ...result(z), content: 'seen something else' });
    expect(problemsOf(changed)).not.toEqual([]);
  });

  it('sees an errand that begins before another one is answered, and one that comes twice', () => {
    expect(
      problemsOf([...whole.slice(0, 5), { role: 'user', content: inputOf({ ...errand, errand: 'b' }) }]),
    ).not.toEqual([]);
    expect(problemsOf([...whole, ...whole.slice(1)])).not.toEqual([]);
  });
});
