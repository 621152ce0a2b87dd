import { evaluate } from '../../../examples/ticket-routing/evaluation.js';
import { addTally, emptyTally, tallyOf, type Outcome } from '../../../examples/ticket-routing/tally.js';

const LABELS = ['tea', 'coffee', 'milk'];

const OUTCOMES: Outcome[] = [
  { expected: 0, given: 0, first: 0, route: 'cheap', usd: 0.01 },
  { expected: 0, given: 1, first: 1, route: 'cheap', usd: 0.01 },
  { expected: 0, given: 1, first: 0, route: 'expensive', usd: 0.11 },
  { expected: 1, given: 1, first: 2, route: 'expensive', usd: 0.11 },
  { given: 2, first: 2, route: 'expensive', usd: 0.11 },
  { expected: 2, given: 2, route: 'person', usd: 0.11 },
  { expected: 2, route: 'queued', first: 0, usd: 0.11 },
  { expected: 2, route: 'failed', usd: 0 },
];

describe('evaluate', () => {
  const scores = evaluate(tallyOf(OUTCOMES), LABELS);

  it('counts by route; what is not labelled or not decided is in no accuracy', () => {
    expect(scores.routes).toEqual({
      cheap: { questions: 2, labelled: 2, accuracy: 1 / 2, usd: expect.closeTo(0.02) },
      expensive: { questions: 3, labelled: 2, accuracy: 1 / 2, usd: expect.closeTo(0.33) },
      person: { questions: 1, labelled: 1, accuracy: 1, usd: expect.closeTo(0.11) },
      queued: { questions: 1, labelled: 0, accuracy: null, usd: expect.closeTo(0.11) },
      failed: { questions: 1, labelled: 0, accuracy: null, usd: 0 },
    });
    expect(scores.agents).toEqual({ questions: 5, labelled: 4, accuracy: 2 / 4, usd: expect.closeTo(0.35) });
    expect(scores.usd).toBeCloseTo(0.57);
  });

  it('says what the cheap agent alone would have reached', () => {
    expect(scores.cheapAlone).toMatchObject({ questions: 6, labelled: 5, accuracy: 2 / 5 });
  });

  it('names the categories with the most wrong decisions, and what they were taken for', () => {
    expect(scores.worst).toEqual([{ label: 'tea', questions: 3, right: 1, takenFor: 'coffee', times: 2 }]);
  });

  it('comes to the same from parts', () => {
    const whole = emptyTally();
    for (const outcome of OUTCOMES) addTally(whole, tallyOf([outcome]));
    expect(evaluate(whole, LABELS)).toEqual(scores);
  });

  it('has no accuracy where nothing is labelled', () => {
    const { agents, cheapAlone, worst } = evaluate(emptyTally(), LABELS);
    expect([agents.accuracy, cheapAlone.accuracy, worst]).toEqual([null, null, []]);
  });
});
