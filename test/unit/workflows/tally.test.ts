import {
  contendersOf,
  tallyOf,
  winnerOf,
  type Vote,
  type VotingRule,
} from '../../../src/workflows/patterns/tally.js';

/** Votes as `name choice weight`. */
function votes(...lines: string[]): Vote<null>[] {
  return lines.map((line) => {
    const [name = '', choice = '', weight = '1'] = line.split(' ');
    return { name, choice, weight: Number(weight), output: null };
  });
}

const winner = (rule: VotingRule, ...lines: string[]) => winnerOf(rule, tallyOf(votes(...lines)))?.choice;

describe('tallyOf', () => {
  it('puts the greatest weight first, and keeps reasons and voters', () => {
    const [a, b, c] = votes('a x', 'b y 2', 'c x');
    const cast = [{ ...a, reason: 'why' } as Vote<null>, b as Vote<null>, { ...c, weight: 2 } as Vote<null>];
    expect(tallyOf(cast)).toEqual([
      { choice: 'x', weight: 3, voters: ['a', 'c'], reasons: ['why'] },
      { choice: 'y', weight: 2, voters: ['b'], reasons: [] },
    ]);
  });

  it('puts level options in the order of their first voters', () => {
    expect(tallyOf(votes('a y', 'b x', 'c x', 'd y')).map(({ choice }) => choice)).toEqual(['y', 'x']);
  });

  it('adds up fractions without a remainder', () => {
    const tally = tallyOf(votes('a x 0.1', 'b x 0.2', 'c y 0.3'));
    expect(tally.map(({ weight }) => weight)).toEqual([0.3, 0.3]);
    expect(winnerOf('plurality', tally)).toBeUndefined();
  });
});

describe('winnerOf', () => {
  it.each<[VotingRule, string[], string | undefined]>([
    ['majority', ['a x', 'b x', 'c y'], 'x'],
    ['majority', ['a x', 'b x', 'c y', 'd z'], undefined],
    ['majority', ['a x 3', 'b y', 'c z'], 'x'],
    ['plurality', ['a x', 'b x', 'c y', 'd z'], 'x'],
    ['plurality', ['a x', 'b y'], undefined],
    ['plurality', ['a x'], 'x'],
    ['unanimous', ['a x', 'b x'], 'x'],
    ['unanimous', ['a x 9', 'b y'], undefined],
    ['unanimous', [], undefined],
    ['majority', [], undefined],
    ['plurality', [], undefined],
  ])('%s of %j is %s', (rule, lines, choice) => {
    expect(winner(rule, ...lines)).toBe(choice);
  });
});

describe('contendersOf', () => {
  const contenders = (...lines: string[]) =>
    contendersOf(tallyOf(votes(...lines))).map(({ choice }) => choice);

  it('are those level at the top', () => {
    expect(contenders('a x', 'b y', 'c x', 'd y', 'e z')).toEqual(['x', 'y']);
  });

  it('are all, where one leads alone without having won', () => {
    expect(contenders('a x', 'b y', 'c x', 'd z')).toEqual(['x', 'y', 'z']);
  });
});
