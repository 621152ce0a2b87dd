import { timeLeft } from '../../../src/cli/layout.js';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

describe('the time that is left', () => {
  it.each([
    [2 * DAY - 1_000, '2 d'],
    [DAY + 23 * HOUR, '1 d 23 h'],
    [DAY - 1_000, '1 d'],
    [HOUR + 30 * MIN, '1 h 30 min'],
    [HOUR - 400, '1 h'],
    [MIN + 20_000, '1 min 20 s'],
    [12_400, '12 s'],
    [300, '0 s'],
    [-5, '0 s'],
  ])('of %d ms is %s', (ms, text) => {
    expect(timeLeft(ms)).toBe(text);
  });
});
