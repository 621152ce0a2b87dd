import {
  costOf,
  estimateTokens,
  highestAmount,
  outputLimit,
  priceOf,
} from '../../../src/activities/models/price.js';

const price = { input: 2, cached: 0.5, output: 8 };

describe('prices', () => {
  it('are the model’s own before those of the table', () => {
    expect(priceOf({ model: 'gpt-4.1', price })).toBe(price);
    expect(priceOf({ model: 'gpt-4.1' })).toEqual({ input: 2, cached: 0.5, output: 8 });
    expect(priceOf({ model: 'gpt-4.1-2025-04-14' })).toEqual(priceOf({ model: 'gpt-4.1' }));
  });

  it('are unknown for other models, and for the same name elsewhere', () => {
    expect(priceOf({ model: 'gpt-4.1-huge' })).toBeUndefined();
    expect(priceOf({ model: 'constructor' })).toBeUndefined();
    expect(priceOf({ model: 'gpt-4.1', baseUrl: 'http://localhost/v1' })).toBeUndefined();
  });

  it('make a cost of tokens, the cached ones cheaper', () => {
    expect(costOf(price, { input: 1_000_000, output: 0 })).toBe(2);
    expect(costOf(price, { input: 1_000_000, cached: 400_000, output: 100_000 })).toBe(1.2 + 0.2 + 0.8);
    expect(costOf({ input: 2, output: 8 }, { input: 1000, cached: 1000, output: 0 })).toBe(0.002);
  });

  it('make the highest cost of a call, nothing of it cached', () => {
    expect(highestAmount(price, 1000, 500)).toEqual({ usd: 0.006, tokens: 1500 });
    expect(highestAmount(undefined, 1000, 500)).toEqual({ usd: 0, tokens: 1500 });
  });
});

describe('the limit of an answer', () => {
  it.each([
    [undefined, undefined, 4096],
    [undefined, 8000, 8000],
    [1000, undefined, 1000],
    [9000, undefined, 9000],
    [9000, 8000, 8000],
    [1000, 8000, 1000],
    [Infinity, undefined, 4096],
  ])('of agent %p and model %p is %i tokens', (agent, maxOutputTokens, limit) => {
    const model = { model: 'm', ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }) };
    expect(outputLimit(model, agent)).toBe(limit);
  });
});

describe('an estimate of tokens', () => {
  it('is at least that of English', () => {
    expect(estimateTokens(0)).toBe(0);
    expect(estimateTokens(10)).toBe(4);
  });
});
