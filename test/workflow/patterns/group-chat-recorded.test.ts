import { describeShared, sharedJson } from '../../support/shared-data.js';
import { openTalkStage, Talking } from '../../support/talk-stage.js';
import type { GroupChatResult } from '../../../src/workflows/index.js';

interface Log {
  question: string;
  history: { role: string; content: string }[];
}

interface RecordedTurn {
  speaker: string;
  /** The moderator's words for it, such as `Orchestrator (-> WebSurfer)`. */
  next: string;
  ask: string;
  output: string;
}

const CAST = { WebSurfer: 'alice', FileSurfer: 'bob', Assistant: 'carol' };

/** The turns of a recorded conversation: who was named by the moderator, what was asked, and what was said. */
function turnsOf({ history }: Log): RecordedTurn[] {
  return history.flatMap(({ role, content }, place) => {
    const asked = history.slice(0, place).findLast((entry) => entry.role === `Orchestrator (-> ${role})`);
    return role in CAST && asked
      ? [{ speaker: role, next: asked.role, ask: asked.content, output: content }]
      : [];
  });
}

describeShared('groupChat over recorded conversations', () => {
  const stage = openTalkStage();
  afterAll(async () => (await stage).close());

  test.concurrent.each(['handcrafted_1', 'handcrafted_8', 'handcrafted_30'])(
    '%s: every message reaches everybody once, word for word',
    async (name) => {
      const log = sharedJson(`multi-agent-logs/${name}.json`) as Log;
      const turns = turnsOf(log);
      expect(turns.length).toBeGreaterThan(5);
      const { baton } = await stage;
      const it = new Talking(await stage, name);
      it.answers(
        'moderator',
        ...turns.map(({ next, ask }) => ({ json: { reason: '', finished: false, next, ask } })),
        { json: { reason: 'done', finished: true, next: null, ask: null } },
      );
      for (const [speaker, agent] of Object.entries(CAST)) {
        const own = turns.filter((turn) => turn.speaker === speaker);
        it.answers(agent, ...own.map(({ output }) => output));
      }
      const run = await it.start('meetAs', { cast: CAST, max: 100 });
      const { messages, ended } = (await run.result()) as GroupChatResult<string>;
      expect(ended).toBe('moderator');
      expect(messages).toEqual(
        turns.map(({ speaker, ask, output }) => ({ kind: 'said', speaker, ask, output })),
      );

      const told = it
        .sent('moderator')
        .at(-1)
        ?.filter((_, place) => place % 2 === 0)
        .flatMap((text) => (JSON.parse(String(text)) as { messages: { says: string }[] }).messages);
      expect(told?.map(({ says }) => says)).toEqual(turns.map(({ output }) => output));
      for (const [speaker, agent] of Object.entries(CAST)) {
        const last = turns.findLastIndex((turn) => turn.speaker === speaker);
        const others = turns.slice(0, Math.max(0, last)).filter((turn) => turn.speaker !== speaker);
        const heard = (it.sent(agent).at(-1) ?? [])
          .join('\n')
          .match(/^(WebSurfer|FileSurfer|Assistant), asked /gm);
        expect(heard ?? []).toHaveLength(others.length);
      }
      // What is said, once for each who hears it, and what a turn costs besides.
      const bytes = turns.reduce((sum, { output, ask }) => sum + output.length + ask.length, 0);
      const { historySize = 0 } = await baton.client.workflow.getHandle(run.id).describe();
      expect(historySize).toBeLessThan(5 * bytes + turns.length * 12_000);
    },
  );
});
