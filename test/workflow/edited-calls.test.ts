import { z } from 'zod';
import { agentTool, defineAgent, defineTool } from '../../src/agents/index.js';
import { openStage } from '../support/stage.js';

const paid: number[] = [];
const refund = defineTool({
  description: 'Refunds',
  input: z.object({ usd: z.number() }),
  effect: 'write',
  approval: { approvers: ['lead'] },
  run: ({ usd }) => {
    paid.push(usd);
    return `refunded ${usd}`;
  },
});
const expert = defineAgent({
  description: 'Knows',
  instructions: 'You are the expert.',
  model: 'small',
  input: z.object({ topic: z.string() }),
});
const clerk = defineAgent({
  description: 'Works',
  instructions: 'You are the clerk.',
  model: 'small',
  // What the model hears of the change must not be taken for a new input.
  input: z.object({ ticket: z.string() }),
  tools: { refund, expert: agentTool(expert, { approval: true }) },
});

const stage = openStage({ refund, expert, clerk }, (model) => model.models('small'));

const call = (tool: string, args: object) => ({ calls: [{ tool, args }] });

describe('a call whose arguments people change', () => {
  afterAll(async () => (await stage).close());

  test.concurrent('is made with theirs, and the model hears of it', async () => {
    const it = (await stage).case('case lower;').replies(call('refund', { usd: 100 }), 'done');
    const run = await it.start('clerk', { input: { ticket: 'case lower;' } });
    await run.approvals({ wait: '20 seconds' });
    await run.approve({ by: 'lead', edits: { usd: 11 } });
    await run.result();
    expect(paid).toContain(11);
    expect(paid).not.toContain(100);
    expect(it.lastOf(1)).toBe(
      'refunded 11\n\n(lead changed the arguments of your call of refund: it was made with {"usd":11} instead of {"usd":100}.)',
    );
    expect(JSON.stringify((await run.trace()).children)).toContain(
      '"input":{"usd":11},"output":"refunded 11"',
    );
  });

  test.concurrent('is not made where theirs do not fit the schema', async () => {
    const it = (await stage).case('case unfit;').replies(call('refund', { usd: 200 }), 'done');
    const run = await it.start('clerk', { input: { ticket: 'case unfit;' } });
    await run.approvals({ wait: '20 seconds' });
    await run.approve({ by: 'lead', edits: { usd: 'little' } });
    await run.result();
    expect(paid).not.toContain(200);
    expect(it.lastOf(1)).toMatch(/^Error: The arguments do not fit: [^]*lead changed the arguments/);
  });

  test.concurrent('gives another agent their input', async () => {
    const it = (await stage)
      .case('case asked;')
      .replies(call('expert', { topic: 'case asked; wide' }), 'known', 'done');
    const run = await it.start('clerk', { input: { ticket: 'case asked;' } });
    await run.approvals({ wait: '20 seconds' });
    await run.approve({ edits: { topic: 'case asked; narrow' } });
    await run.result();
    expect(it.lastOf(1)).toContain('case asked; narrow');
    expect(it.lastOf(2)).toMatch(/^known\n\n\(A person changed the arguments of your call of expert/);
  });
});
