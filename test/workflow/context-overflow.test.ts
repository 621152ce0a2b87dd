import { openContextStage, searches, WINDOW } from '../support/search-script.js';
import { spans } from '../support/spans.js';
import { outcomeOf, type Stage } from '../support/stage.js';

/** How providers say that a request is too long. */
const TOO_LONG = [
  {
    message: "This model's maximum context length is 4096 tokens. However, your messages resulted in 5000.",
    code: 'context_length_exceeded',
  },
  { message: 'prompt is too long: 5000 tokens > 4096 maximum', type: 'invalid_request_error' },
  {
    message: 'The input token count (5000) exceeds the maximum number of tokens allowed (4096).',
    status: 'INVALID_ARGUMENT',
  },
];

describe('a request that is too long for the provider', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openContextStage();
  });
  afterAll(() => stage.close());

  for (const [i, error] of TOO_LONG.entries()) {
    test.concurrent(`sends less where the provider says: ${error.message}`, async () => {
      const name = `overflow-${i}`;
      const { it, sent } = searches(stage, name, 6, {
        // The server takes less than it says.
        reply: (request) => (request.tokens > 1200 ? { status: 400, body: { error } } : undefined),
      });
      const run = await it.start('unknowing');
      expect((await outcomeOf(run)).result).toMatchObject({ agent: { model: 'unknown' }, notes: [] });
      const refused = sent().filter(({ tokens }) => tokens > 1200);
      expect(refused.length).toBeGreaterThan(0);
      const [first] = spans(await run.trace(), 'compaction');
      expect(first).toMatchObject({ rejected: true, model: 'unknown' });
    });
  }

  test.concurrent('goes on with the next model where there is nothing to leave out', async () => {
    const { it } = searches(stage, 'whole', 0, {
      reply: ({ request }) =>
        request.model === 'unknown' ? { status: 400, body: { error: TOO_LONG[0] } } : undefined,
    });
    const { result } = await outcomeOf(await it.start('unknowing'));
    expect(result).toMatchObject({ output: 'whole done', agent: { model: 'window' } });
    expect(it.asked).toEqual(['unknown', 'window']);
  });

  test.concurrent('fails with what is too large where it cannot fit, and asks no model', async () => {
    const input = 'tooLarge '.repeat(2000);
    const { code, message } = await outcomeOf(await stage.case('tooLarge').start('reader', { input }));
    expect(code).toBe('ContextOverflow');
    expect(message).toMatch(
      /^reader: the request has about \d+ tokens, 2850 are allowed, and no more can be left out; the largest: the input \(about \d+\)/,
    );
    expect(stage.case('tooLarge ').asked).toEqual([]);
  });

  test.concurrent('names the newest result where that is too large', async () => {
    const { it } = searches(stage, 'hugeResult', 1, { size: 30_000 });
    const { code, message } = await outcomeOf(await it.start('reader'));
    expect(code).toBe('ContextOverflow');
    expect(message).toContain('the largest: the newest result of search (about ');
    expect(it.asked).toEqual(['window']);
  });

  test.concurrent('leaves nothing out where the agent says so', async () => {
    const { it, sent } = searches(stage, 'kept', 14, {
      reply: (request) =>
        request.tokens > WINDOW ? { status: 400, body: { error: TOO_LONG[0] } } : undefined,
    });
    const { code } = await outcomeOf(await it.start('keeper'));
    expect(code).toBe('ContextOverflow');
    for (const [i, request] of sent().entries())
      if (i > 0) expect(request.goesOnFrom(sent()[i - 1] ?? request)).toBe(true);
  });
});
