import { promptLimit } from '../../../src/activities/models/context-window.js';
import { PromptSizes } from '../../../src/activities/prompt-sizes.js';

const prompt = (size: number, messages = 2, from?: number) => ({
  size,
  messages,
  view: from === undefined ? undefined : { from },
});

describe('the estimate of a prompt', () => {
  it('counts three characters as a token where nothing is known', () => {
    expect(new PromptSizes().estimate('a', prompt(3000))).toBe(1000);
  });

  it('adds what is new to what the provider counted', () => {
    const sizes = new PromptSizes();
    sizes.learn('a', prompt(4000), 1000);
    expect(sizes.estimate('a', prompt(4300, 3))).toBe(1100);
    expect(sizes.estimate('b', prompt(4300, 3))).toBe(1434);
  });

  it('counts as the provider did where another part is shown', () => {
    const sizes = new PromptSizes();
    sizes.learn('a', prompt(4000), 2000);
    expect(sizes.estimate('a', prompt(1000, 3, 5))).toBe(500);
    // Never more than four characters a token.
    sizes.learn('a', prompt(4000), 600);
    expect(sizes.estimate('a', prompt(1000, 3, 5))).toBe(250);
  });

  it('does not believe a count that is far too small', () => {
    const sizes = new PromptSizes();
    sizes.learn('a', prompt(4000), 10);
    expect(sizes.estimate('a', prompt(4300, 3))).toBe(1434);
  });
});

describe('the limit of a prompt', () => {
  const local = { model: 'qwen', baseUrl: 'http://localhost:1/v1' };

  it('is what the window has beside the longest answer, less a margin', () => {
    expect(promptLimit({ ...local, contextWindow: 100_000, maxOutputTokens: 20_000 })).toBe(76_000);
    expect(promptLimit({ ...local, contextWindow: 100_000, maxOutputTokens: 20_000 }, 10_000)).toBe(85_500);
  });

  it('keeps a quarter of a small window for an answer of any length, and never more than half', () => {
    expect(promptLimit({ ...local, contextWindow: 8000 })).toBe(5700);
    expect(promptLimit({ ...local, contextWindow: 100_000 })).toBe(91_108);
    expect(promptLimit({ ...local, contextWindow: 8000, maxOutputTokens: 8000 })).toBe(3800);
  });

  it("knows OpenAI's own models, and no others by their name", () => {
    expect(promptLimit({ model: 'gpt-4o-2024-08-06' })).toBe(106_035);
    expect(promptLimit({ ...local, model: 'gpt-4o' })).toBe(Infinity);
    expect(promptLimit({ model: 'gpt-4o', contextWindow: 8000, maxOutputTokens: 1000 })).toBe(6650);
  });
});
