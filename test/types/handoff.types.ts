/** Compiled by `tsc`, never run: hand-offs, agents as tools, and rejected inputs. */
import { agentTool, defineAgent, handoff, type Agent, type Handoffs } from 'batonjs/agents';
import { failureOf, proxyAgents, rejectionOf } from 'batonjs/workflow';
import { z } from 'zod';

const Verdict = z.object({ ok: z.boolean() });
const base = { description: '', instructions: '', model: 'small' };

const judge = defineAgent({ ...base, input: z.object({ id: z.number() }), output: Verdict });
const talker = defineAgent({ ...base });

// Agents that hand over to each other are inferred all the same.
const left = defineAgent({ ...base, output: Verdict, handoffs: () => ({ right, judge }) });
const right = defineAgent({ ...base, output: Verdict, handoffs: () => ({ left: handoff(left) }) });
left satisfies Agent<string, { ok: boolean }>;
right satisfies Agent<string, { ok: boolean }>;

defineAgent({ ...base, output: Verdict, handoffs: { judge, left: handoff(left, { transcript: 'last' }) } });
defineAgent({ ...base, handoffs: { talker } });
defineAgent({ ...base, handoffs: (): Handoffs<string> => ({ talker }) });

// @ts-expect-error another output: whoever answers last gives the output
defineAgent({ ...base, output: Verdict, handoffs: { talker } });
// @ts-expect-error the same behind handoff()
defineAgent({ ...base, handoffs: { judge: handoff(judge) } });
// @ts-expect-error no agent
defineAgent({ ...base, handoffs: { judge: 'judge' } });
// @ts-expect-error a function that is annotated is checked
defineAgent({ ...base, handoffs: (): Handoffs<string> => ({ judge }) });
// @ts-expect-error no such choice
handoff(judge, { transcript: 'none' });
handoff(judge, { transcript: 'summary', summariser: talker, description: 'when in doubt' });

defineAgent({ ...base, rejects: true, limits: { handoffs: 2 }, tools: { judge, talker: agentTool(talker) } });
agentTool(judge, {
  child: true,
  timeout: '1 minute',
  budget: { usd: 1 },
  approval: (input) => (input.id satisfies number) > 10 && { approvers: ['lead'] },
});
// @ts-expect-error the input has no such field
agentTool(judge, { approval: (input) => input.name });
// @ts-expect-error no agent
defineAgent({ ...base, tools: { judge: 'judge' } });

export async function orchestration() {
  const agents = proxyAgents<{ left: typeof left; judge: typeof judge }>();
  const { output, agent } = await agents.left.run('?');
  output.ok satisfies boolean;
  agent.path satisfies string[];
  try {
    await agents.judge({ id: 1 });
  } catch (error) {
    const rejection = rejectionOf(failureOf(error));
    rejection?.reason satisfies string | undefined;
    rejection?.agent satisfies string | undefined;
  }
}
