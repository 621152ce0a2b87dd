import { z } from 'zod';
import { defineAgent, defineTool, type ToolSpec } from '../../../src/agents/index.js';
import { readArguments } from '../../../src/agents/tool-arguments.js';
import { Registry } from '../../../src/activities/registry.js';
import { resolveCalls } from '../../../src/activities/resolve-calls.js';

const Input = z.object({ usd: z.number() });

/** The policy of one call of a tool. */
async function policyOf(spec: Partial<ToolSpec<typeof Input, z.ZodType>>, args = '{"usd":5}', name = 'pay') {
  const pay = defineTool({ description: 'Pays', input: Input, effect: 'read', run: () => null, ...spec });
  const clerk = defineAgent({ description: 'd', instructions: 'i', model: 'm', tools: { pay } });
  const agent = new Registry({ pay, clerk }).agents.get('clerk');
  if (!agent) throw new Error('no agent');
  return (await resolveCalls(agent, [{ tool: name, arguments: args }]))[0];
}

describe('the policy of a call', () => {
  it('repeats what may be repeated', async () => {
    expect(await policyOf({})).toEqual({ timeout: 60_000, attempts: 3 });
    expect(await policyOf({ attempts: 7, timeout: '2 s', taskQueue: 'q' })).toEqual({
      timeout: 2000,
      attempts: 7,
      taskQueue: 'q',
    });
    expect(await policyOf({ effect: 'write', attempts: 7 })).toMatchObject({ attempts: 1, write: true });
    expect(await policyOf({ effect: 'write', idempotent: true })).toEqual({
      timeout: 60_000,
      attempts: 3,
      write: true,
    });
  });

  it('says what can be undone, and whom to ask what became of a write', async () => {
    const write = { effect: 'write' as const, compensate: () => undefined };
    expect(await policyOf(write)).toMatchObject({ compensate: true });
    expect(await policyOf({ ...write, undoAttempts: 3 })).toMatchObject({ compensate: 3 });
    expect(await policyOf({ effect: 'write', onUnknown: 'model' })).not.toHaveProperty('onUnknown');
    expect(await policyOf({ effect: 'write', onUnknown: 'person' })).toMatchObject({ onUnknown: {} });
    expect(
      await policyOf({ effect: 'write', onUnknown: { approvers: ['lead'], timeout: '1 hour' } }),
    ).toMatchObject({ onUnknown: { approvers: ['lead'], timeout: 3_600_000 } });
  });

  it.each([
    [{ compensate: () => undefined }, 'tool "pay" only reads: compensate is for those that write'],
    [{ onUnknown: 'person' as const }, 'tool "pay" only reads: onUnknown is for those that write'],
    [{ effect: 'write' as const, undoAttempts: 0 }, 'at undoAttempts'],
    [{ effect: 'write' as const, onUnknown: { timeout: 'soon' as never } }, 'onUnknown of tool "pay"'],
  ])('is refused at the start where a tool contradicts itself: %j', async (spec, problem) => {
    await expect(policyOf(spec)).rejects.toThrow(problem);
  });

  it('names the tools where the model made one up', async () => {
    expect(await policyOf({}, '{}', 'functions.pay')).toMatchObject({
      problem: 'There is no tool "functions.pay". The tools are: pay.',
    });
  });

  it('asks people always, or by rule', async () => {
    const rule = (args: { usd: number }) =>
      args.usd > 10 && { approvers: ['lead'], timeout: '1 hour' as const };
    expect(await policyOf({ approval: true })).toMatchObject({ approval: {} });
    expect(await policyOf({ approval: rule })).not.toHaveProperty('approval');
    expect(await policyOf({ approval: rule }, '{"usd":50}')).toMatchObject({
      approval: { approvers: ['lead'], timeout: 3_600_000 },
    });
  });

  it('asks nobody about arguments that the tool refuses, and does not run the call', async () => {
    expect(await policyOf({ approval: true }, '{"usd":')).toMatchObject({
      problem: 'The arguments do not fit: they are not valid JSON',
    });
    expect(await policyOf({ approval: true }, '{}')).toMatchObject({
      problem: expect.stringContaining('→ at usd'),
    });
  });

  it('takes a rule that fails for no consent', async () => {
    const broken = () => {
      throw new Error('no such rate');
    };
    expect(await policyOf({ approval: broken })).toMatchObject({
      problem: 'Not done: whether it needs approval could not be told: no such rate',
    });
  });
});

describe('readArguments', () => {
  it.each([
    ['', {}],
    [' \n', {}],
    ['null', {}],
    ['{"a":1}', { a: 1 }],
    ['[1]', [1]],
    ['{"a":', '{"a":'],
    ['find it', 'find it'],
  ])('reads %j', (text, value) => {
    expect(readArguments(text)).toEqual(value);
  });
});
