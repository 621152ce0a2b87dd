import { renderTrace } from '../../src/cli/render-trace.js';
import { shownOf } from '../../src/agents/view.js';
import { operationsOf } from '../../src/trace/operation.js';
import { readCall } from '../../src/trace/recorded-call.js';
import { transcriptsOf } from '../../src/trace/transcripts-of.js';
import { openContextStage, PROMPT, searches } from '../support/search-script.js';
import { cli } from '../support/cli.js';
import { testServer } from '../support/server.js';
import { historyOf, spans } from '../support/spans.js';
import { outcomeOf, type Stage } from '../support/stage.js';

const SUMMARY = '[Summary of earlier messages]\nThey searched.';

describe('a conversation that gets longer than the model takes', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openContextStage();
  });
  afterAll(() => stage.close());

  test.concurrent(
    'stays under the limit over 60 turns, and seldom changes what was sent before',
    async () => {
      const { it, sent, summaries } = searches(stage, 'sixty', 60);
      const run = await it.start('wide');
      const { result } = await outcomeOf(run);
      expect(result?.output).toBe('sixty done');
      const requests = sent();
      expect(requests).toHaveLength(61);
      for (const request of requests) {
        expect(request.tokens).toBeLessThanOrEqual(12_000);
        expect(request.parted).toEqual([]);
        expect(request.instructions).toBe('You read a lot.');
        expect(request.contents).toContain('sixty');
      }
      const changes = requests.filter(
        (request, i) => i > 0 && !request.goesOnFrom(requests[i - 1] ?? request),
      );
      expect(changes.length).toBeGreaterThanOrEqual(2);
      expect(changes.length).toBeLessThanOrEqual(6);
      expect(changes[0]?.has('[result of search left out: 1 KB]')).toBe(true);
      expect(changes[0]?.has('sixty-1 sixty-1')).toBe(false);
      for (const request of summaries()) expect(request.parted).toEqual([]);
      // Each was taken once, and the turns that were found too long count as none.
      const turns = spans(await run.trace(), 'turn').filter(({ name }) => name.startsWith('turn'));
      expect(Math.max(...turns.map(({ turn }) => turn))).toBe(61);
      // The whole is still there: input, calls, results, answer, and the summaries.
      expect(result?.transcript.length).toBe(1 + 60 * 2 + 1 + summaries().length);
    },
  );

  test.concurrent('drops results and has the rest summed up, and counts what that costs', async () => {
    const { it, sent, summaries } = searches(stage, 'both', 50);
    const { result } = await outcomeOf(await it.start('reader'));
    for (const request of [...sent(), ...summaries()]) {
      expect(request.tokens).toBeLessThanOrEqual(PROMPT);
      expect(request.parted).toEqual([]);
      expect(request.contents.some((content) => content.startsWith('both'))).toBe(true);
    }
    expect(summaries().length).toBeGreaterThan(1);
    expect(summaries()[0]?.contents.at(-1)).toContain('Sum up the conversation above for reader');
    expect(summaries()[0]?.request.model).toBe('window');
    // The next summary begins with the one before it.
    expect(summaries()[1]?.contents).toContain(SUMMARY);
    expect(sent().at(-1)?.contents.slice(1, 3)).toEqual(['both', SUMMARY]);
    const usd = [...sent(), ...summaries()].reduce(
      (sum, { request }) => sum + Math.ceil(JSON.stringify(request.messages).length / 4) / 1e6,
      0,
    );
    expect(result?.cost).toBeGreaterThan(usd);
  });

  test.concurrent('says how many messages are left out where nothing is summed up', async () => {
    const { it, sent, summaries } = searches(stage, 'dropped', 60);
    const { result } = await outcomeOf(await it.start('dropper'));
    expect(result?.output).toBe('dropped done');
    expect(summaries()).toEqual([]);
    for (const request of sent()) {
      expect(request.tokens).toBeLessThanOrEqual(PROMPT);
      expect(request.parted).toEqual([]);
    }
    expect(sent().at(-1)?.contents[2]).toMatch(/^\[\d+ messages earlier in this conversation left out\]$/);
  });

  test.concurrent('has a summariser of ours take as much at once as its own model takes', async () => {
    const { it, sent, summaries } = searches(stage, 'parts', 12);
    const run = await it.start('writer');
    expect((await outcomeOf(run)).result?.output).toBe('parts done');
    for (const request of sent()) expect(request.tokens).toBeLessThanOrEqual(2500);
    for (const request of summaries()) {
      expect(request.instructions).toBe('You shorten.');
      expect(request.tokens).toBeLessThanOrEqual(1800);
      expect(request.parted).toEqual([]);
    }
    const compactions = spans(await run.trace(), 'compaction');
    expect(summaries().length).toBeGreaterThan(compactions.length);
    expect(spans(await run.trace(), 'agent').filter(({ name }) => name === 'shortener')).toHaveLength(
      summaries().length,
    );
  });

  test.concurrent('goes on without a summary where the summariser fails, and notes it', async () => {
    const { it, sent } = searches(stage, 'unsummed', 26, { summary: { status: 401 } });
    const { result } = await outcomeOf(await it.start('reader'));
    expect(result?.output).toBe('unsummed done');
    expect(sent().at(-1)?.contents[2]).toMatch(/messages earlier in this conversation left out/);
    expect(result?.notes[0]).toMatchObject({
      kind: 'fallback',
      instead: 'messages are left out without a summary',
      code: 'Unauthorized',
    });
  });

  test.concurrent('keeps pinned messages, and what the call works on, over calls', async () => {
    const { sent, it } = searches(stage, 'pins', 24, {
      reply: (_, asked) => (asked % 8 === 0 ? 'pins said' : undefined),
    });
    const run = await stage.baton.start('askOn', [
      { agent: 'reader', input: 'pins rule', options: { pinned: true } },
      { agent: 'reader', input: 'pins second', options: { context: 'pins notes' } },
      { agent: 'reader', input: 'pins third' },
    ]);
    await run.result();
    expect(it.asked.length).toBeGreaterThan(24);
    for (const request of sent()) {
      expect(request.contents).toContain('pins rule');
      expect(request.parted).toEqual([]);
      expect(request.tokens).toBeLessThanOrEqual(PROMPT);
    }
    const second = sent().slice(8, 16);
    for (const request of second) {
      expect(request.contents).toContain('pins notes');
      expect(request.contents).toContain('pins second');
    }
    const last = sent().at(-1);
    expect(last?.contents).toContain('pins third');
    expect(last?.contents).not.toContain('pins notes');
  });

  test.concurrent('hands the conversation over as it was shown', async () => {
    const { sent, it } = searches(stage, 'handed', 10, {
      reply: ({ instructions }, asked) =>
        instructions === 'You are the desk.' && asked === 9
          ? { calls: [{ tool: 'transfer_to_specialist' }] }
          : undefined,
    });
    const run = await it.start('desk');
    expect((await outcomeOf(run)).result).toMatchObject({ agent: { path: ['desk', 'specialist'] } });
    const first = sent().find(({ instructions }) => instructions === 'You are special.');
    expect(first?.has(SUMMARY)).toBe(true);
    for (const request of sent()) expect(request.tokens).toBeLessThanOrEqual(PROMPT);
  });

  test.concurrent('is shown alike to a model that is asked locally', async () => {
    const { it, sent } = searches(stage, 'nearby', 30);
    const run = await it.start('reader', { placement: { placement: 'local' } });
    expect((await outcomeOf(run)).result?.output).toBe('nearby done');
    for (const request of sent()) {
      expect(request.tokens).toBeLessThanOrEqual(PROMPT);
      expect(request.parted).toEqual([]);
    }
    expect(sent().at(-1)?.has(SUMMARY)).toBe(true);
    expect(spans(await run.trace(), 'compaction').length).toBeGreaterThan(1);
  });

  test.concurrent('quotes what is shown, under a budget', async () => {
    const { it } = searches(stage, 'budget', 30);
    // With the whole conversation at each turn it would cost more.
    const { result } = await outcomeOf(await it.start('dropper', {}, { budget: { usd: 0.12 } }));
    expect(result?.output).toBe('budget done');
    expect(result?.cost).toBeLessThan(0.12);
  });

  test.concurrent('shows in the trace what the model was shown', async () => {
    const { it, sent } = searches(stage, 'traced', 26);
    const run = await it.start('reader');
    await outcomeOf(run);
    const events = await historyOf(stage.baton, run.id);
    const transcripts = transcriptsOf(events);
    const turns = operationsOf(events).flatMap((operation) => {
      const call = readCall(operation);
      return call?.kind === 'turn' && call.result?.kind === 'answer' && call.input.agent === 'reader'
        ? [call]
        : [];
    });
    const requests = sent();
    expect(turns).toHaveLength(requests.length);
    turns.forEach(({ input }, i) => {
      const length = (input.base?.length ?? 0) + input.appended.length;
      const shown = shownOf(transcripts.get(input.transcript)?.slice(0, length) ?? [], input.view);
      expect(shown.map(({ message }) => ('content' in message ? message.content : ''))).toEqual(
        requests[i]?.contents.slice(1),
      );
    });
    const last = spans(await run.trace(), 'turn')
      .filter(({ id }) => id.startsWith('reader.1#'))
      .at(-1);
    const seen = await run.shown(last?.id ?? '');
    expect(seen.map((message) => ('content' in message ? message.content : ''))).toEqual(
      requests.at(-1)?.contents.slice(1),
    );
    const { address } = await testServer();
    const printed = await cli(['show', run.id, '--turn', last?.id ?? '', '--address', address]);
    expect(printed.out).toMatch(/^user: traced\nuser: \[Summary of earlier messages\]\n {2}They searched.\n/);
    await expect(run.shown('reader.1#99')).rejects.toMatchObject({ code: 'TurnUnknown' });
    const trace = await run.trace();
    const compactions = spans(trace, 'compaction');
    expect(compactions.length).toBeGreaterThan(1);
    for (const { status, tokens } of compactions) {
      expect(status).toBe('completed');
      expect(tokens.after).toBeLessThan(tokens.before);
    }
    const text = renderTrace(trace, { now: Date.now(), verbose: true })
      .split('\n')
      .filter((line) => /compact|shown/.test(line))
      .join('\n');
    expect(text).toMatch(/compact {2}\d+ → \d+ tokens: results up to message \d+ left out/);
    expect(text).toMatch(/compact {2}\d+ → \d+ tokens: messages 0 to \d+ summed up by baton_summariser/);
    expect(text).toMatch(/shown: messages \d+ to \d+, those that are pinned, the input at 0/);
  });
});
