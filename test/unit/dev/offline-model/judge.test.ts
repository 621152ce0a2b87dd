import { judge, Judgement } from '../../../../src/agents/built-in/judge.js';
import { ask } from './ask.js';

describe('the offline model as the judge', () => {
  it('scores every candidate under its label', () => {
    const { instructions } = judge('any').spec;
    const candidates = [
      { label: 'A', output: 'No idea.' },
      { label: 'B', output: 'The sky is blue because air scatters blue light.' },
      { label: 'C', output: { text: 'Light has colours.', sure: false } },
    ];
    const input = { task: 'Why is the sky blue?', rubric: 'Short and right.', candidates };
    const { scores } = ask(Judgement, input, { instructions });
    expect(scores.map(({ label }) => label)).toEqual(['A', 'B', 'C']);
    const [a, b] = scores.map(({ score }) => score);
    expect(b).toBeGreaterThan(a ?? Infinity);
  });
});
