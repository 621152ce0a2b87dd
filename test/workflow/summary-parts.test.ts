import type { AgentResult } from '../../src/workflows/run-agent.js';
import type { Json } from '../../src/agents/json.js';
import { renderTrace } from '../../src/cli/render-trace.js';
import * as agents from './fixtures/summary-agents.js';
import { transcriptsOf } from '../../src/trace/transcripts-of.js';
import { Sent } from '../support/sent.js';
import { historyOf, spans } from '../support/spans.js';
import { openStage, type Stage } from '../support/stage.js';

const WINDOWS = { small: 3000, middle: 8000, short: 2400 };
const OUTPUT = 500;
const limitOf = (window: number) => Math.floor((window - OUTPUT) * 0.95);

interface Talk {
  agent: keyof typeof agents;
  calls: number;
  words: number;
  /** Tokens over which the provider refuses a summariser's request. */
  refused?: number;
}

describe('what is summed up', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(agents, ({ url: baseUrl }) =>
      Object.fromEntries(
        Object.entries(WINDOWS).map(([model, contextWindow]) => [
          model,
          { model, baseUrl, contextWindow, maxOutputTokens: OUTPUT },
        ]),
      ),
    );
  });
  afterAll(() => stage.close());

  async function talk(name: string, { agent, calls, words, refused = Infinity }: Talk) {
    const isSummary = (sent: Sent) => !sent.instructions.startsWith('You talk');
    stage.model.script({
      when: (request) => JSON.stringify(request.messages).includes(`${name}-`),
      times: Infinity,
      reply: (request) => {
        const sent = new Sent(request);
        if (!isSummary(sent)) return 'said';
        return sent.tokens > refused
          ? {
              status: 400,
              body: { error: { message: 'prompt is too long', code: 'context_length_exceeded' } },
            }
          : `In short, ${name}-.`;
      },
    });
    const asks = Array.from({ length: calls }, (_, i) => ({
      agent,
      input: `${name}-${i}. ${'blah blah '.repeat(words / 2)}`,
    }));
    const run = await stage.baton.start<(asks: Json) => Promise<AgentResult<Json>[]>>('askOn', asks);
    const results = await run.result();
    const requests = stage.case(`${name}-`).arrivals.map(({ request }) => new Sent(request));
    const summaries = requests.filter((sent) => isSummary(sent) && sent.tokens <= refused);
    const own = requests.filter((sent) => !isSummary(sent));
    // Whatever the agent is not shown at the end.
    const gone = asks.flatMap((_, i) => (own.at(-1)?.has(`${name}-${i}. `) ? [] : [`${name}-${i}. `]));
    const lost = gone.filter((marker) => !summaries.some((sent) => sent.has(marker)));
    return { run, results, requests, summaries, gone, lost };
  }

  const TALKS: Talk[] = [
    { agent: 'middleTalker', calls: 14, words: 1400 },
    { agent: 'middleTalker', calls: 14, words: 700 },
    { agent: 'keepsOne', calls: 14, words: 1400 },
    { agent: 'middleTalker', calls: 40, words: 200 },
    { agent: 'smallTalker', calls: 14, words: 250 },
    { agent: 'smallTalker', calls: 10, words: 600 },
    { agent: 'handsOver', calls: 14, words: 500 },
  ];
  for (const [i, each] of TALKS.entries()) {
    const { agent, calls, words } = each;
    test.concurrent(`is shown to a summariser, all of it: ${agent}, ${calls} × ${words} words`, async () => {
      const { results, requests, summaries, gone, lost } = await talk(`whole${i}`, each);
      expect(gone.length).toBeGreaterThan(calls / 3);
      expect(lost).toEqual([]);
      for (const sent of requests) {
        const window = WINDOWS[sent.request.model as keyof typeof WINDOWS];
        expect(sent.tokens).toBeLessThanOrEqual(limitOf(window));
      }
      for (const sent of summaries) expect(sent.contents.join('\n')).not.toContain('left out]');
      expect(results.flatMap(({ notes }) => notes)).toEqual([]);
    });
  }

  test.concurrent('is split where the provider takes less than it says, and shows so', async () => {
    const { run, results, summaries, gone, lost } = await talk('split', {
      agent: 'middleTalker',
      calls: 14,
      words: 500,
      refused: 2000,
    });
    expect(gone.length).toBeGreaterThan(5);
    expect(lost).toEqual([]);
    expect(results.flatMap(({ notes }) => notes)).toEqual([]);
    const trace = await run.trace();
    const splits = spans(trace, 'compaction').filter(({ split }) => split);
    expect(splits.length).toBeGreaterThan(0);
    const summarisers = spans(trace, 'agent').filter(({ name }) => name === 'baton_summariser');
    expect(summarisers).toHaveLength(summaries.length + splits.length);
    expect(summarisers.map(({ status }) => status)).not.toContain('running');
    expect(renderTrace(trace, { now: Date.now() })).toMatch(
      /compact {2}\d+ tokens: split in two, as the provider/,
    );
    // Each summariser's conversation is known from the history.
    const transcripts = transcriptsOf(await historyOf(stage.baton, run.id));
    for (const { transcript } of summarisers)
      expect(Object.keys(transcripts.get(transcript) ?? [])).toHaveLength(
        transcripts.get(transcript)?.length ?? -1,
      );
  });

  test.concurrent('is cut where one message is longer than the window, and that is noted', async () => {
    const { results, requests, gone, lost } = await talk('cut', {
      agent: 'handsOver',
      calls: 5,
      words: 2200,
    });
    expect(gone.length).toBeGreaterThan(1);
    expect(lost).toEqual([]);
    for (const sent of requests) {
      const window = WINDOWS[sent.request.model as keyof typeof WINDOWS];
      expect(sent.tokens).toBeLessThanOrEqual(limitOf(window));
    }
    expect(requests.some((sent) => sent.has('more characters left out]'))).toBe(true);
    expect(results.flatMap(({ notes }) => notes)[0]).toMatchObject({
      kind: 'fallback',
      instead: 'a message is summed up in part',
      code: 'ContextOverflow',
    });
  });
});
