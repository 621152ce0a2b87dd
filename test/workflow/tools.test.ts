import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { defineAgent, defineTool, type ToolContext } from '../../src/agents/index.js';
import { openStage } from '../support/stage.js';

/** Executions of the tools, by the key that each call gave. */
const executions: { key: string; attempt: number; idempotencyKey: string }[] = [];
const executionsOf = (key: string) => executions.filter((execution) => execution.key === key);

const input = z.object({ key: z.string() });
const noted = (run: (key: string, ctx: ToolContext) => unknown) => ({
  input,
  run: ({ key }: { key: string }, ctx: ToolContext) => {
    executions.push({ key, attempt: ctx.attempt, idempotencyKey: ctx.idempotencyKey });
    return run(key, ctx);
  },
});
/** Neither ends nor hears of its end, as a call to a server that is gone. */
const stuck = () => new Promise(() => undefined);
const reset = () => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
};

const find = defineTool({ description: 'Finds', effect: 'read', ...noted((key) => `found ${key}`) });
const fail = defineTool({
  description: 'Fails',
  effect: 'read',
  ...noted((key) => {
    throw new Error(`no ${key} here`);
  }),
});
const shaky = defineTool({
  description: 'Fails once',
  effect: 'read',
  ...noted((key, { attempt }) => {
    if (attempt === 1) throw ApplicationFailure.retryable('try again');
    return `found ${key}`;
  }),
});
const broken = defineTool({
  description: 'Loses its connection',
  effect: 'read',
  attempts: 2,
  ...noted(reset),
});
const final = defineTool({
  description: 'Fails for good',
  effect: 'read',
  ...noted(() => {
    throw ApplicationFailure.nonRetryable('gone for good');
  }),
});
const lookLong = defineTool({
  description: 'Looks too long',
  effect: 'read',
  timeout: '1 second',
  ...noted((key, { attempt }) => (attempt === 1 ? stuck() : `found ${key}`)),
});
const pay = defineTool({ description: 'Pays', effect: 'write', timeout: '1 second', ...noted(stuck) });
const payReset = defineTool({ description: 'Pays', effect: 'write', ...noted(reset) });
const payOnce = defineTool({
  description: 'Pays, with a key',
  effect: 'write',
  idempotent: true,
  timeout: '1 second',
  ...noted((key, { attempt }) => (attempt === 1 ? stuck() : `paid ${key}`)),
});
const dump = defineTool({
  description: 'Gives much',
  effect: 'read',
  ...noted((key) => (key === 'text' ? 'ä'.repeat(40_000) : { rows: 'x'.repeat(70_000) })),
});
const typed = defineTool({
  description: 'Gives the wrong type',
  effect: 'read',
  output: z.object({ n: z.number() }),
  input,
  run: () => ({ n: 'one' }) as never,
});
const approved = defineTool({
  description: 'Asks first',
  effect: 'write',
  approval: ({ key }) =>
    key !== 'free' && { approvers: ['lead'], ...(key === 'late' ? { timeout: 300 } : {}) },
  ...noted((key) => `did ${key}`),
});
let together = 0;
let most = 0;
const slow = defineTool({
  description: 'Takes a moment',
  effect: 'read',
  ...noted(async (key) => {
    most = Math.max(most, ++together);
    await pause(100);
    together--;
    return key;
  }),
});

const tools = {
  ...{ find, fail, shaky, broken, final, lookLong, pay, payReset, payOnce, dump, typed, approved, slow },
};
const agents = {
  ...tools,
  worker: defineAgent({
    description: 'Works',
    instructions: 'You work.',
    model: 'small',
    tools,
    limits: { toolErrors: 3, toolConcurrency: 2 },
  }),
  idle: defineAgent({ description: 'Has no tools', instructions: 'You work.', model: 'small' }),
};

const stage = openStage(agents, (model) => model.models('small'));

const call = (tool: string, args: unknown) => ({ calls: [{ tool, args }] });

describe('tools', () => {
  afterAll(async () => (await stage).close());

  describe('a tool call', () => {
    /** Has an agent make one call, and gives what the model is told of it. */
    async function resultOf(name: string, tool: string, args: unknown): Promise<string> {
      const it = (await stage).case(`case ${name};`);
      it.replies(call(tool, args), 'done');
      expect((await it.ask('worker')).result?.output).toBe('done');
      return String(it.lastOf(1));
    }

    test.concurrent('gives the model its result', async () => {
      expect(await resultOf('plain', 'find', { key: 'plain' })).toBe('found plain');
    });

    test.concurrent('of a tool that the agent does not have is told so, and nothing runs', async () => {
      expect(await resultOf('unknown', 'functions.find', { key: 'unknown' })).toMatch(
        /^Error: There is no tool "functions\.find"\. The tools are: find, fail,/,
      );
      const idle = (await stage).case('case idle;');
      idle.replies(call('find', { key: 'idle' }), 'done');
      await idle.ask('idle');
      expect(idle.lastOf(1)).toBe('Error: There is no tool "find". There are no tools.');
      expect([...executionsOf('unknown'), ...executionsOf('idle')]).toEqual([]);
    });

    test.concurrent('with arguments that are no JSON, or do not fit, tells the model why', async () => {
      expect(await resultOf('no json', 'find', '{"key":')).toBe(
        'Error: The arguments do not fit: they are not valid JSON',
      );
      expect(await resultOf('no fit', 'find', { kei: 'x' })).toMatch(
        /^Error: The arguments do not fit: ✖ Invalid input: expected string, received undefined\n {2}→ at key$/,
      );
      expect(await resultOf('nothing', 'find', '')).toMatch(/→ at key$/);
    });

    test.concurrent('whose handler throws tells the model its message, and is not repeated', async () => {
      expect(await resultOf('throws', 'fail', { key: 'thing' })).toBe('Error: no thing here');
      expect(executionsOf('thing')).toHaveLength(1);
      expect(await resultOf('final', 'final', { key: 'final' })).toBe('Error: gone for good');
      expect(executionsOf('final')).toHaveLength(1);
    });

    test.concurrent('that says to try again is tried again, with the same key', async () => {
      expect(await resultOf('shaky', 'shaky', { key: 'shaky' })).toBe('found shaky');
      const [first, second, ...more] = executionsOf('shaky');
      expect([first?.attempt, second?.attempt, more]).toEqual([1, 2, []]);
      expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
    });

    test.concurrent('whose connection is lost is tried as often as it may be', async () => {
      expect(await resultOf('broken', 'broken', { key: 'broken' })).toBe('Error: fetch failed');
      expect(executionsOf('broken')).toHaveLength(2);
      expect(await resultOf('pay reset', 'payReset', { key: 'pay reset' })).toMatch(
        /^Error: Outcome unknown: fetch failed\. /,
      );
      expect(executionsOf('pay reset')).toHaveLength(1);
    });

    test.concurrent('that reads and takes too long is tried again', async () => {
      expect(await resultOf('long', 'lookLong', { key: 'long' })).toBe('found long');
      expect(executionsOf('long')).toHaveLength(2);
    });

    test.concurrent('that writes and is lost has an unknown outcome, and runs once', async () => {
      expect(await resultOf('pay', 'pay', { key: 'pay' })).toBe(
        'Error: Outcome unknown: the worker was lost, or the call took too long. ' +
          'It may or may not have been done; find out before doing it again.',
      );
      expect(executionsOf('pay')).toHaveLength(1);
    });

    test.concurrent('that writes and enforces its key is tried again with it', async () => {
      expect(await resultOf('pay once', 'payOnce', { key: 'pay once' })).toBe('paid pay once');
      const keys = executionsOf('pay once').map(({ idempotencyKey }) => idempotencyKey);
      expect(keys).toHaveLength(2);
      expect(new Set(keys)).toHaveProperty('size', 1);
    });

    test.concurrent('gives a long result only in part, and says so', async () => {
      const text = await resultOf('dump text', 'dump', { key: 'text' });
      expect(text).toMatch(
        /^ä{8192}\n\[cut: the result has 80000 bytes, of which the first 16384 are above\. The whole is kept as "[\w-]{16}": read_result /,
      );
      const data = await resultOf('dump data', 'dump', { key: 'data' });
      expect(data).toMatch(
        /^\{"rows":"x{16375}\n\[cut: the result has 70011 bytes, of which the first 16384 /,
      );
    });

    test.concurrent('whose result does not fit its schema is an error for the model', async () => {
      expect(await resultOf('typed', 'typed', { key: 'typed' })).toMatch(
        /^Error: The tool's result does not fit its schema: ✖ Invalid input: expected number/,
      );
    });

    test.concurrent('runs beside the others of its message, in their order, as many as may', async () => {
      const it = (await stage).case('case together;');
      const keys = ['a', 'b', 'c', 'd', 'e'];
      it.replies({ calls: keys.map((key) => ({ tool: 'slow', args: { key } })) }, 'done');
      await it.ask('worker');
      const answers = it.arrivals[1]?.request.messages.slice(-5) ?? [];
      expect(answers.map(({ content }) => content)).toEqual(keys);
      expect(most).toBe(2);
      const ids = new Set(answers.map(({ tool_call_id: id }) => id));
      expect(ids.size).toBe(5);
      expect([...ids].every((id) => /^[a-z0-9]{9}$/.test(id ?? ''))).toBe(true);
    });

    test.concurrent('that fails too often in a row ends the agent', async () => {
      const it = (await stage).case('case row;');
      const wrong = call('fail', { key: 'row' });
      it.replies(wrong, wrong, call('find', { key: 'row ok' }), wrong, wrong, wrong);
      expect(await it.ask('worker')).toMatchObject({
        code: 'ToolFailed',
        message: 'worker: agent "worker" met 3 tool errors in a row; the last: fail: "no row here"',
      });
      expect(executionsOf('row')).toHaveLength(5);
    });
  });

  describe('a tool call that people must agree to', () => {
    test.concurrent('waits, and runs once it is approved', async () => {
      const it = (await stage).case('case approve;');
      it.replies(call('approved', { key: 'approve' }), 'done');
      const run = await it.start('worker');
      const [question] = await run.approvals({ wait: '10 seconds' });
      expect(question).toMatchObject({
        title: 'worker wants to call approved',
        approvers: ['lead'],
        details: { tool: 'approved', arguments: { key: 'approve' } },
      });
      expect(executionsOf('approve')).toEqual([]);
      await run.approve({ by: 'lead' });
      await run.result();
      expect(it.lastOf(1)).toBe('did approve');
      expect(executionsOf('approve')).toHaveLength(1);
    });

    test.concurrent('is not done where it is rejected; the model hears why', async () => {
      const it = (await stage).case('case reject;');
      it.replies(call('approved', { key: 'reject' }), 'done');
      const run = await it.start('worker');
      await run.approvals({ wait: '10 seconds' });
      await run.reject({ by: 'lead', comment: 'too much' });
      await run.result();
      expect(it.lastOf(1)).toBe('Error: Not done: rejected by lead: too much');
      expect(executionsOf('reject')).toEqual([]);
    });

    test.concurrent('is not done where nobody answers in time', async () => {
      const it = (await stage).case('case late;');
      it.replies(call('approved', { key: 'late' }), 'done');
      await it.ask('worker');
      expect(it.lastOf(1)).toBe('Error: Not done: nobody approved it in time.');
      expect(executionsOf('late')).toEqual([]);
    });

    test.concurrent(
      'is done at once where its rule does not ask, and refused where its arguments do not fit',
      async () => {
        const it = (await stage).case('case rule;');
        it.replies(call('approved', { key: 'free' }), call('approved', { kei: 'free' }), 'done');
        await it.ask('worker');
        expect(it.lastOf(1)).toBe('did free');
        expect(it.lastOf(2)).toMatch(/^Error: The arguments do not fit: /);
      },
    );
  });
});
