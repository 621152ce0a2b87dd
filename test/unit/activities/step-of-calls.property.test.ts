import fc from 'fast-check';
import { z } from 'zod';
import { agentTool, defineAgent, defineTool } from '../../../src/agents/index.js';
import { NextStep } from '../../../src/agents/turn.js';
import { Registry } from '../../../src/activities/registry.js';
import { stepOfCalls } from '../../../src/activities/step-of-calls.js';

const find = defineTool({
  description: 'Finds',
  input: z.object({ key: z.string() }),
  effect: 'read',
  run: () => null,
});
const pay = defineTool({
  description: 'Pays',
  input: z.object({ usd: z.number().positive() }),
  effect: 'write',
  approval: ({ usd }) => usd > 10 && { approvers: ['lead'] },
  run: () => null,
});
const helper = defineAgent({ description: 'Helps', instructions: 'Help.', model: 'm' });
const billing = defineAgent({ description: 'Bills', instructions: 'Bill.', model: 'm' });
const clerk = defineAgent({
  description: 'Serves',
  instructions: 'Serve.',
  model: 'm',
  rejects: true,
  tools: { find, pay, helper: agentTool(helper, { approval: true }) },
  handoffs: { billing },
});
const registry = new Registry({ find, pay, helper, billing, clerk });
const agent = registry.agents.get('clerk');
if (!agent) throw new Error('no agent');
const names = agent.offers.map(({ name }) => name);

/** Calls as a model may make them up: of functions that there are and are not, with arguments that fit and do not. */
const call = fc.record({
  tool: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    fc.string(),
    fc.constantFrom('toString', '__proto__'),
  ),
  arguments: fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record({ key: fc.string(), usd: fc.double(), input: fc.string(), reason: fc.string() })
      .map((args) => JSON.stringify(args)),
  ),
});

describe('what follows from the calls of a message', () => {
  test('is one policy for each call or a rejection of the input, whatever the model makes up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 5 }), async (calls) => {
        const step = await stepOfCalls(agent, calls, undefined);
        expect(NextStep.parse(step)).toEqual(step);
        if (step.kind === 'inputRejected') return;
        if (step.kind !== 'tools' && step.kind !== 'handoff') throw new Error(step.kind);
        expect(step.calls).toHaveLength(calls.length);
        for (const [i, { tool }] of calls.entries()) {
          const policy = step.calls[i];
          // What there is not never runs.
          if (!names.includes(tool)) expect(policy?.problem).toMatch(/There is no tool/);
          if (tool === 'pay') expect(policy?.problem !== undefined || policy?.write === true).toBe(true);
        }
        const handed = calls.findIndex(({ tool }) => agent.handoffs.has(tool));
        expect(step.kind === 'handoff' ? step.call : -1).toBe(handed);
        expect(step.calls.filter(({ told }) => told !== undefined)).toHaveLength(handed < 0 ? 0 : 1);
      }),
    );
  });

  test('asks people about every payment that they must agree to, and about none that cannot be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double(), async (usd) => {
        const step = await stepOfCalls(
          agent,
          [{ tool: 'pay', arguments: JSON.stringify({ usd }) }],
          undefined,
        );
        if (step.kind !== 'tools') throw new Error(step.kind);
        const [policy] = step.calls;
        const fits = Number.isFinite(usd) && usd > 0;
        expect(policy?.problem === undefined).toBe(fits);
        expect(policy?.approval !== undefined).toBe(fits && usd > 10);
      }),
    );
  });
});
