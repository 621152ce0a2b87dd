import { figuresNotIn } from '../../../examples/company-research/figures.js';

describe('figuresNotIn', () => {
  it.each([
    ['as they are written', 'Net income was $2,430 thousand.', 'Net income  $2,430  $5,370'],
    ['rounded, in another unit', 'Sales were $94.8 billion.', 'Total net sales  $94,836  (in millions)'],
    ['in full', 'Sales were 94,836,000,000 USD.', 'Total net sales  $94,836'],
    ['as percentages', 'It fell 1%, to 46.5%.', 'Change  (1)%, 46.5% of revenue'],
    ['at the end of a sentence, and in lists', 'In 2025, 2026.', '2026 and 2025.'],
    ['beside names', 'Its 10-Q for Q3 says so.', 'Nothing with figures'],
  ])('takes figures %s', (_, statement, source) => {
    expect(figuresNotIn(statement, [source])).toEqual([]);
  });

  it.each([
    ['another figure', 'It was $2,431.', '$2,430', ['2,431']],
    ['one that is rounded wrongly', 'It was 94.9 billion.', '94,836', ['94.9']],
    ['a single digit that only begins alike', 'There were 2 of them.', '2,430', ['2']],
    ['several', 'From 12% to 17.5%.', 'nothing', ['12', '17.5']],
  ])('names %s', (_, statement, source, foreign) => {
    expect(figuresNotIn(statement, [source])).toEqual(foreign);
  });
});
