/** Tools and agents of the chaos suite. What a tool does is to be seen in Postgres. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  defineAgent,
  defineTool,
  Plan,
  PlanRequest,
  Review,
  ReviewRequest,
  SynthesisRequest,
  type ToolContext,
} from '../../src/agents/index.js';
import { Judgement, JudgeInput } from '../../src/agents/built-in/judge.js';
import { EffectsTable } from './effects-table.js';
import { ROLES } from './roles.js';

const table = new EffectsTable(process.env.CHAOS_POSTGRES ?? '');

/** `before` and `after` are milliseconds around the effect, in which a worker may die. */
const Step = z.object({ step: z.string(), before: z.number(), after: z.number() });
type Step = z.infer<typeof Step>;
const Done = z.object({ done: z.string() });

async function around(
  { step, before, after }: Step,
  act: () => Promise<void>,
): Promise<z.infer<typeof Done>> {
  await delay(before);
  await act();
  await delay(after);
  return { done: step };
}

const row = (tool: string, { step }: Step, ctx: ToolContext) => ({
  key: ctx.idempotencyKey,
  run: ctx.run.workflowId,
  tool,
  step,
});

const once = {
  effect: 'write',
  idempotent: true,
  input: Step,
  output: Done,
  // Each worker that is killed costs one.
  attempts: 30,
  timeout: '10 seconds',
} as const;

export const record = defineTool({
  ...once,
  description: 'Has an effect, once for its key',
  run: (args, ctx) => around(args, () => table.once(row('record', args, ctx))),
});

export const grant = defineTool({
  ...once,
  description: 'The same, where people agree',
  approval: { approvers: ['lead'] },
  run: (args, ctx) => around(args, () => table.once(row('grant', args, ctx))),
});

export const book = defineTool({
  ...once,
  description: 'The same, and can be undone',
  undoAttempts: 30,
  run: (args, ctx) => around(args, () => table.once(row('book', args, ctx))),
  compensate: (args, _, ctx) => around(args, () => table.undo(row('unbook', args, ctx), ctx.effectKey)),
});

export const post = defineTool({
  description: 'Has an effect as often as it is called',
  effect: 'write',
  input: Step,
  output: Done,
  timeout: '10 seconds',
  run: (args, ctx) => around(args, () => table.append(row('post', args, ctx))),
});

const Look = z.object({ at: z.string() });

export const look = defineTool({
  description: 'Looks',
  effect: 'read',
  input: Look,
  attempts: 30,
  async run({ at }) {
    await delay(30);
    return `seen ${at}`;
  },
});

export const glance = defineTool({
  description: 'Looks, in the process of the run',
  effect: 'read',
  placement: 'local',
  input: Look,
  run: ({ at }) => `glanced at ${at}`,
});

const models = ['small', 'large', 'backup'] as const;
const plain = {
  description: 'Runs errands',
  model: models,
  output: z.object({ errand: z.string(), told: z.array(z.string()) }),
  limits: { turns: 60, toolErrors: 40 },
  context: false,
} as const;
const tools = { record, post, look };

export const clerk = defineAgent({ ...plain, instructions: 'You are the clerk.', tools });
export const aide = defineAgent({ ...plain, instructions: 'You are the aide.', tools });
export const booker = defineAgent({
  ...plain,
  instructions: 'You are the booker.',
  tools: { book, post, look },
});
export const granter = defineAgent({
  ...plain,
  instructions: 'You are the granter.',
  tools: { grant, look },
});
export const near = defineAgent({ ...plain, instructions: 'You are near.', tools: { glance, look, record } });
export const front = defineAgent({
  ...plain,
  instructions: 'You are the front.',
  tools,
  handoffs: () => ({ back }),
});
export const back = defineAgent({ ...plain, instructions: 'You are the back.', tools });
/** Its answers come whole, so that the model server's count of tokens is the one that it gives. */
export const spender = defineAgent({
  ...plain,
  instructions: 'You are the spender.',
  model: ['small', 'backup'],
  tools,
  limits: { ...plain.limits, outputTokens: 1000 },
});
export const sorter = defineAgent({
  ...plain,
  instructions: 'You are the sorter.',
  output: z.object({ label: z.enum(['left', 'right']) }),
});

const role = { description: 'Leads', model: models, context: false } as const;
export const chief = defineAgent({ ...role, instructions: ROLES.chief, input: PlanRequest, output: Plan });
export const checker = defineAgent({
  ...role,
  instructions: ROLES.checker,
  input: ReviewRequest,
  output: Review,
});
export const editor = defineAgent({
  ...role,
  instructions: ROLES.editor,
  input: SynthesisRequest,
  output: z.object({
    case: z.string(),
    results: z.array(z.object({ id: z.string(), output: plain.output })),
  }),
});
export const judge = defineAgent({
  ...role,
  instructions: ROLES.judge,
  input: JudgeInput,
  output: Judgement,
});
