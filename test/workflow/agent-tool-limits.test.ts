import { defineAgent, type Agent } from '../../src/agents/index.js';
import {
  agentScript,
  analyst,
  asks,
  clerk,
  counts,
  researcher,
  together,
  until,
} from '../support/agent-tool-script.js';
import { spans } from '../support/spans.js';
import { openStage, outcomeOf, type Stage } from '../support/stage.js';
import * as agents from './fixtures/agent-tool-agents.js';

/** Agents that each have the next one as a tool: a0 calls a1, and so on. */
const deep: Record<string, Agent<string, string>> = {};
for (let n = 9; n >= 0; n--) {
  const next = deep[`a${n + 1}`];
  deep[`a${n}`] = defineAgent({
    description: `Number ${n}`,
    instructions: `You are number ${n}.`,
    model: 'small',
    tools: next ? { next } : {},
  });
}

describe('the bounds of an agent as a tool', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ ...agents, ...deep }, (model) => model.models('small'));
  });
  afterAll(() => stage.close());

  const { script, requestsOf } = agentScript(() => stage);

  const abandoned = (name: string) =>
    stage.case(name).arrivals.filter(({ abandoned: given }) => given).length;

  test.concurrent('spends of the caller’s budget, and less where its definition says so', async () => {
    script('You are thrifty.', 'limit-1', asks('limit-1'), 'well');
    const run = await stage.case('limit-1').start('thrifty', {}, { budget: { usd: 1 } });
    expect((await outcomeOf(run)).result?.output).toBe('well');
    expect(requestsOf('You are thrifty.', 'limit-1')[1]?.messages.at(-1)?.content).toMatch(
      /^Error: BudgetExceeded: the next turn of researcher may cost .* and 10 tokens is left/,
    );
    // What a whole run may spend ends the caller too, at its own next turn.
    script(clerk, 'limit-2', { ...asks('limit-2'), text: 'hm '.repeat(1500) });
    const short = await stage.case('limit-2').start('clerk', {}, { budget: { tokens: 5_000 } });
    expect(await outcomeOf(short)).toMatchObject({
      code: 'BudgetExceeded',
      message: expect.stringContaining('turn of clerk'),
    });
    expect(spans(await short.trace(), 'agent').map(({ name, error }) => [name, error?.code])).toEqual([
      ['clerk', 'BudgetExceeded'],
      ['researcher', 'BudgetExceeded'],
    ]);
  });

  test.concurrent('shares what is left of the budget evenly where several run as children', async () => {
    script(clerk, 'share-1', counts('share-1 a', 'share-1 b'), 'well');
    script(analyst, 'share-1 a', { json: { count: 1 } });
    script(analyst, 'share-1 b', { json: { count: 2 } });
    const run = await stage.case('share-1').start('clerk', {}, { budget: { usd: 1 } });
    const { result } = await outcomeOf(run);
    expect(result?.output).toBe('well');
    expect(
      requestsOf(clerk, 'share-1')[1]
        ?.messages.slice(-2)
        .map(({ content }) => content),
    ).toEqual(['{"count":1}', '{"count":2}']);
  });

  test.concurrent('goes eight deep, and no deeper', async () => {
    const next = (n: number) => ({ calls: [{ tool: `a${n + 1}`, args: { input: 'deep-1' } }] });
    for (let n = 0; n < 9; n++) script(`You are number ${n}.`, 'deep-1', next(n), `end of ${n}`);
    const run = await stage.case('deep-1').start('a0');
    expect((await outcomeOf(run)).result?.output).toBe('end of 0');
    expect(requestsOf('You are number 8.', 'deep-1')[1]?.messages.at(-1)?.content).toBe(
      'Error: LimitReached: agents may call each other 8 deep, and a8 is the last of them',
    );
    expect(spans(await run.trace(), 'agent')).toHaveLength(9);
  });

  test.concurrent('gives each call of a tool within a key of its own', async () => {
    script(clerk, 'keys-1', asks('keys-1 a', 'keys-1 b'), 'well');
    for (const name of ['keys-1 a', 'keys-1 b']) {
      script(researcher, name, { calls: [{ tool: 'note', args: { text: 'keys' } }] }, 'noted');
    }
    await stage.case('keys-1').ask('clerk');
    const given = agents.keys.filter(({ text }) => text === 'keys').map(({ key }) => key);
    expect(new Set(given).size).toBe(2);
  });

  test.concurrent('has its result cut where it is long', async () => {
    script(clerk, 'long-1', asks('long-1'), 'well');
    script(researcher, 'long-1', 'ä'.repeat(40_000));
    await stage.case('long-1').ask('clerk');
    const shown = String(requestsOf(clerk, 'long-1')[1]?.messages.at(-1)?.content);
    expect(shown).toMatch(/^ä{32768}\n\[cut: the result has 80000 bytes, of which this is the start\]$/);
  });

  test.concurrent('is given up after its time', async () => {
    script('You are hasty.', 'late-1', together(asks('late-1'), counts('late-1')), 'well');
    script(researcher, 'late-1', { hang: true });
    script(analyst, 'late-1', { hang: true });
    const run = await stage.case('late-1').start('hasty');
    expect((await outcomeOf(run)).result?.output).toBe('well');
    expect(
      requestsOf('You are hasty.', 'late-1')[1]
        ?.messages.slice(-2)
        .map(({ content }) => content),
    ).toEqual([expect.stringMatching(/^Error: TimedOut: /), expect.stringMatching(/^Error: TimedOut: /)]);
    await until(() => abandoned('late-1') === 2);
  });

  test.concurrent('is cancelled with the run', async () => {
    script(clerk, 'gone-1', together(asks('gone-1'), counts('gone-1')));
    script(researcher, 'gone-1', { hang: true });
    script(analyst, 'gone-1', { hang: true });
    const run = await stage.case('gone-1').start('clerk');
    await until(() => stage.case('gone-1').arrivals.length === 3);
    await run.cancel();
    await expect(run.result()).rejects.toThrow(/cancel/i);
    await until(() => abandoned('gone-1') === 2);
    const trace = await run.trace();
    expect(trace.status).toBe('cancelled');
    expect(spans(trace, 'agent').map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    expect(spans(trace, 'child')[0]?.status).toBe('cancelled');
  });
});
