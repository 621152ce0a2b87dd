import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cli, inFolder, type Ended } from '../../support/cli.js';

const CONFIG = `export default { models: { small: {
  model: 's', baseUrl: 'http://127.0.0.1:1/v1', price: { input: 1, output: 2 }, contextWindow: 100000, maxOutputTokens: 10000,
} } };`;
const AGENTS = `
const spec = { description: 'Helps', instructions: 'Help.', model: 'small', limits: { turns: 4 } };
export const clerk = { kind: 'agent', spec };
export const lead = { kind: 'agent', spec: { ...spec, tools: { clerk } } };`;

/** Runs \`baton explain\` in a project of two agents. */
function explain(...argv: string[]): Promise<Ended> {
  return inFolder(async (cwd) => {
    await writeFile(join(cwd, 'baton.config.mjs'), CONFIG);
    await writeFile(join(cwd, 'agents.mjs'), AGENTS);
    await writeFile(join(cwd, 'workflows.mjs'), '');
    return cli(['explain', ...argv], { cwd });
  });
}

describe('baton explain', () => {
  it('says what one call of an agent can come to', async () => {
    const { code, out } = await explain('agent', 'clerk');
    expect(code).toBe(0);
    expect(out).toBe(`one call of clerk, at most
  turns        4
  model calls  4
  at once      1
  child runs   0
  cost         $0.4400

one call of each agent, by itself
  clerk  4 turns  4 model calls  $0.4400

A budget bounds the cost of a run whatever happens: npx baton start ... --budget USD
`);
  });

  it('says what has no bound, and why', async () => {
    const { out } = await explain('agent', 'lead');
    expect(out).toMatch(/model calls {2}unbounded\n.*\n.*\n {2}cost {9}unbounded/);
    expect(out).toContain('- the model of lead may call clerk any number of times in a turn');
  });

  it('says what a plan can come to, and out of what', async () => {
    const input = { goal: 'g', workers: ['clerk'], review: false, limits: { plans: 1, tasks: 2 } };
    const { code, out } = await explain('plan', '--input', JSON.stringify(input));
    expect(code).toBe(0);
    expect(out).toContain('3 ×  planner         3 model calls  $0.3300 each');
    expect(out).toContain('6 ×  worker (clerk)  4 model calls  $0.4400 each');
    expect(out).not.toContain('reviewer');
  });

  it('says what a map can come to, also as JSON', async () => {
    const { out } = await explain('map', 'clerk', '--items', '1000');
    expect(out).toMatch(
      /model calls {2}4,000\n {2}at once {6}100\n {2}child runs {3}20\n {2}cost {9}\$440\.00/,
    );
    const json = await explain('map', 'clerk', '--items', '10', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ total: { turns: 40, modelCalls: 40, children: 0 } });
  });

  it('runs nothing, and needs no server', async () => {
    const { code, err } = await explain('agent', 'nobody');
    expect(code).toBe(1);
    expect(err).toMatch(/AgentUnknown[^]*there is no agent "nobody"; there are: clerk, lead/);
  });

  it.each([
    [['plan', '--input', '{"goal":"g"}'], 1, /InputInvalid[^]*workers/],
    [['plan', '--input', '{"workers":["clerk"],"limits":{"runs":0}}'], 1, /limits\.runs is 0/],
    [['map', 'clerk'], 2, /required option '--items <n>'/],
    [['map', 'clerk', '--items', 'many'], 2, /It is a number above 0/],
  ])('says what is wrong with %j', async (argv, exit, said) => {
    const { code, err } = await explain(...argv);
    expect(code).toBe(exit);
    expect(err).toMatch(said);
  });
});
