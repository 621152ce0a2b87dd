import { randomUUID } from 'node:crypto';
import type * as agents from './fixtures/context-agents.js';
import { openContextStage, PROMPT, searches } from '../support/search-script.js';
import { spans } from '../support/spans.js';
import type { Stage } from '../support/stage.js';

describe('a session that gets longer than its model takes', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openContextStage();
  });
  afterAll(() => stage.close());

  test('keeps its context and a summary, also over a failed message and into the next run', async () => {
    const name = 'longtalk';
    const { sent, summaries } = searches(stage, name, 0, {
      reply: (request) =>
        String(request.messages.at(-1)?.content).includes('FAIL')
          ? { status: 401 }
          : `${name} ${'said so '.repeat(100)}`,
    });
    const id = `${name}-${randomUUID()}`;
    const chat = stage.baton.session<typeof agents.reader>('reader', {
      id,
      context: `${name} is about oranges`,
      messagesPerRun: 20,
    });
    for (let i = 1; i <= 24; i++) {
      const message = `${name} ${i === 18 ? 'FAIL' : 'question'} ${i} ${'why '.repeat(50)}`;
      const answer = chat.send(message);
      if (i === 18) await expect(answer).rejects.toMatchObject({ code: 'Unauthorized' });
      else expect(await answer).toContain('said so');
    }
    await chat.close();
    await chat.run.result();
    const requests = sent();
    for (const request of requests) {
      expect(request.contents).toContain(`${name} is about oranges`);
      expect(request.tokens).toBeLessThanOrEqual(PROMPT);
    }
    expect(summaries().length).toBeGreaterThan(0);
    const trace = await chat.run.trace();
    expect(trace.runIds).toHaveLength(2);
    // The failed message is no part of the conversation, and what was summed up before it is not made anew.
    const after = requests.findIndex((request) => request.has(' 19 why'));
    const before = requests.findLastIndex((request) => request.has(' 17 why') && !request.has(' 18 why'));
    expect(requests[after]?.has(' 18 why')).toBe(false);
    expect(requests[after]?.contents.slice(1, 3)).toEqual(requests[before]?.contents.slice(1, 3));
    for (const request of requests.slice(after))
      expect(request.contents).toContain('[Summary of earlier messages]\nThey searched.');
    expect(spans(trace, 'compaction').length).toBeGreaterThan(0);
  });
});
