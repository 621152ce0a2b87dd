import type { DebateResult } from '../../../src/workflows/index.js';
import { failureOfRun, openTalkStage, Talking } from '../../support/talk-stage.js';

const stage = openTalkStage();
const talk = async (name: string) => new Talking(await stage, name);

const said = ({ messages }: Pick<DebateResult<string>, 'messages'>) =>
  messages.map((message) =>
    message.kind === 'said'
      ? `${message.speaker}: ${message.output}`
      : `${message.speaker}! ${message.failure.code}`,
  );

describe('debate', () => {
  afterAll(async () => (await stage).close());

  /** The judge gives the case that holds a text so many points. */
  const points = (scores: Record<string, number>) => (request: { messages: { content?: unknown }[] }) => {
    const { candidates } = JSON.parse(String(request.messages.at(-1)?.content)) as {
      candidates: { label: string; output: string[] }[];
    };
    return {
      json: {
        scores: candidates.map(({ label, output }) => ({
          label,
          score: scores[output[0] ?? ''] ?? 0,
          reason: `for ${output.join(' and ')}`,
        })),
      },
    };
  };

  test.concurrent('each round another side begins, and the judge sees the cases without names', async () => {
    const it = (await talk('debate'))
      .answers('alice', 'a1', 'a2')
      .answers('bob', 'b1', 'b2')
      .answers('judge', points({ a1: 4, b1: 7 }));
    const result = await it.result<DebateResult<string>>('argue');
    expect(said(result)).toEqual(['alice: a1', 'bob: b1', 'bob: b2', 'alice: a2']);
    expect(result).toMatchObject({
      winner: 'bob',
      scores: [
        { name: 'bob', score: 7, reason: 'for b1 and b2' },
        { name: 'alice', score: 4, reason: 'for a1 and a2' },
      ],
      missing: [],
    });
    expect(JSON.stringify(it.arrivals('judge')[0]?.request.messages)).not.toMatch(/alice|bob/);
  });

  test.concurrent(
    'a side that fails keeps its later turn, and a judge that fails leaves it undecided',
    async () => {
      const it = (await talk('debate with failures'))
        .answers('alice', { status: 400 }, 'a2')
        .answers('bob', 'b1', 'b2')
        .answers('judge', { status: 400 });
      const result = await it.result<DebateResult<string>>('argue');
      expect(said(result)).toEqual(['alice! BadRequest', 'bob: b1', 'bob: b2', 'alice: a2']);
      expect(result).not.toHaveProperty('winner');
      expect(result.undecided).toMatch(/^the judge failed: BadRequest/);
    },
  );

  test.concurrent('one side alone wins nothing', async () => {
    const it = (await talk('debate alone')).answers('alice', { status: 400 }).answers('bob', 'b1');
    expect(await it.result('argue', { max: 1 })).toMatchObject({
      undecided: 'only bob said anything',
      missing: [{ name: 'alice' }],
    });
  });

  test.concurrent('as an orchestration, with agents by name', async () => {
    const it = (await talk('debate by name'))
      .answers('alice', 'a1')
      .answers('bob', 'b1')
      .answers('judge', points({ a1: 5, b1: 5 }));
    const { baton } = await stage;
    const run = await baton.start('debate', { topic: it.task, agents: ['alice', 'bob'], rounds: 1 });
    expect(await run.result()).toMatchObject({ undecided: 'the judge gave the best the same score' });
  });

  test.concurrent('as an orchestration, with nothing but a topic', async () => {
    const it = (await talk('debate bare'))
      .answers('debater', 'yes', 'no')
      .answers('judge', points({ yes: 5 }));
    const { baton } = await stage;
    const run = await baton.start('debate', { topic: it.task, rounds: 1 });
    expect(await run.result()).toMatchObject({ winner: 'for' });
    expect(
      it.sent('debater').map(([prompt]) => /You are asked:\nYour position: (.*)/.exec(String(prompt))?.[1]),
    ).toEqual(['for', 'against']);
  });

  test.concurrent.each([
    ['no topic', {}, /^debate: "topic" is missing/],
    ['no object', 'topic', /^debate: give an object such as/],
    ['one side', { topic: 't', agents: ['alice'] }, /"agents" is a list of 2 to 10 texts/],
    ['a wrong name', { topic: 't', agents: ['alice', 'bert'] }, /this worker has no agent "bert"/],
    [
      'one agent twice',
      { topic: 't', agents: ['bob', 'bob'] },
      /one agent on several sides needs "positions"/,
    ],
    [
      'too few positions',
      { topic: 't', agents: ['bob', 'alice', 'carol'], positions: ['x', 'y'] },
      /3, not 2$/,
    ],
    ['the same positions', { topic: 't', positions: ['x', 'x'] }, /"positions" differ/],
    ['no rounds', { topic: 't', rounds: 0 }, /"rounds" is a whole number from 1 to 20/],
    ['a judge without a name', { topic: 't', judge: 7 }, /"judge" is the name of an agent/],
  ])('as an orchestration, with %s: InputInvalid', async (_, input, message) => {
    const run = await (await stage).baton.start('debate', input);
    expect(await failureOfRun(run.result())).toEqual({
      code: 'InputInvalid',
      message: expect.stringMatching(message),
    });
  });
});
