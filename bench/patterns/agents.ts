import { defineAgent, handoff } from 'batonjs/agents';
import { z } from 'zod';

/** The model of this benchmark answers with what stands behind the last `ANSWER:` of the instructions. */
const answering = (answer: unknown) => ({
  description: 'Answers always the same',
  instructions: `ANSWER:${typeof answer === 'string' ? answer : JSON.stringify(answer)}`,
  model: 'bench',
});

export const writer = defineAgent(answering('a text'));
export const expert = defineAgent(answering('a better text'));
export const labeller = defineAgent({
  ...answering({ label: 'expert', confidence: 0.9 }),
  output: z.object({ label: z.enum(['writer', 'expert']), confidence: z.number() }),
});
export const verifier = defineAgent({
  ...answering({ accepted: true }),
  input: z.json(),
  output: z.object({ accepted: z.boolean() }),
});
export const critic = defineAgent({
  ...answering({ accepted: false, score: 5, feedback: 'shorter' }),
  input: z.json(),
  output: z.object({ accepted: z.boolean(), score: z.number(), feedback: z.string() }),
});
export const voter = defineAgent({
  ...answering({ choice: 'yes', reason: 'it is' }),
  output: z.object({ choice: z.string(), reason: z.string() }),
});
const score = (label: string, points: number) => ({ label, score: points, reason: 'so' });
export const referee = defineAgent({
  ...answering({ scores: [score('A', 3), score('B', 5), score('C', 4)] }),
  input: z.json(),
  output: z.object({
    scores: z.array(z.object({ label: z.string(), score: z.number(), reason: z.string() })),
  }),
});
export const differ = defineAgent({
  ...answering({
    agreed: [],
    conflicts: [{ topic: 'how much', claims: ['A', 'B', 'C'].map((by) => ({ by, claim: `${by} says so` })) }],
  }),
  input: z.json(),
  output: z.object({
    agreed: z.array(z.object({ statement: z.string(), by: z.array(z.string()) })),
    conflicts: z.array(
      z.object({ topic: z.string(), claims: z.array(z.object({ by: z.string(), claim: z.string() })) }),
    ),
  }),
});
export const ruler = defineAgent({
  ...answering({ decisions: [{ conflict: 1, reasons: 'it is', claim: 'A' }] }),
  input: z.json(),
  output: z.object({
    decisions: z.array(z.object({ conflict: z.number(), reasons: z.string(), claim: z.string().nullable() })),
  }),
});
export const planner = defineAgent({
  ...answering({
    tasks: [
      { id: 'one', worker: 'writer', task: 'write', needs: [] },
      { id: 'two', worker: 'expert', task: 'write', needs: ['one'] },
    ],
  }),
  input: z.json(),
  output: z.object({
    tasks: z.array(
      z.object({ id: z.string(), worker: z.string(), task: z.string(), needs: z.array(z.string()) }),
    ),
  }),
});
export const closer = defineAgent({ ...answering('all together'), input: z.json() });
export const desk = defineAgent({
  ...answering('CALL:transfer_to_expert {}'),
  handoffs: { expert: handoff(expert) },
});
export const boss = defineAgent({ ...answering('CALL:expert {"input":"what?"}'), tools: { expert } });
