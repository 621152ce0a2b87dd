import { z } from 'zod';
import type { AgentToolSpec } from '../agents/agent-tool.js';
import { ApprovalRule } from '../agents/approval.js';
import type { ContextPolicy } from '../agents/context-policy.js';
import type { AgentLimits, AnyAgent } from '../agents/define-agent.js';
import type { Subscription } from '../agents/define-subscription.js';
import type { Tool, ToolApproval } from '../agents/define-tool.js';
import type { HandoffSpec } from '../agents/handoff.js';
import { isPositiveTime } from '../agents/is-time.js';
import { HandoffTranscript } from '../agents/turn.js';
import { Amount } from '../agents/usage.js';

/**
 * The fields of definitions as they come from outside, where the compiler may not have seen them: one that is mistyped would
 * otherwise mean nothing.
 */
type FieldsOf<T> = Record<keyof T, z.ZodType>;

const text = z.string().min(1);
const count = z.number().int().positive();
const countOrNone = count.or(z.literal(0));
const duration = z.custom(isPositiveTime, 'not a duration, such as "30 seconds"');
const func = z.custom((value) => typeof value === 'function', 'a function');
const schema = z.custom((value) => isObject(value) && '_zod' in value, 'a schema of zod 4');
const ofKind = (...kinds: string[]) =>
  z.custom(
    (value) => isObject(value) && 'kind' in value && kinds.includes(String(value.kind)),
    `made by ${kinds.map((kind) => MAKERS[kind] ?? kind).join(', ')}`,
  );
const MAKERS: Readonly<Record<string, string>> = {
  agent: 'defineAgent',
  tool: 'defineTool',
  agentTool: 'agentTool',
  handoff: 'handoff',
};

/** A message must fit a payload. */
const ResultBytes = count.max(1_000_000);

export const ApprovalFields = z.strictObject({
  approvers: ApprovalRule.shape.approvers,
  onTimeout: ApprovalRule.shape.onTimeout,
  timeout: duration.optional(),
} satisfies FieldsOf<ToolApproval>);

/** What is one of several is looked at where it is known which. */
const Approval = z.union([z.literal(true), z.looseObject({}), func], {
  error: 'true, { approvers }, or a function',
});

export const AgentFields = z.strictObject({
  description: text,
  capabilities: z.array(text).optional(),
  instructions: z.string(),
  model: z.union([text, z.array(text)], { error: 'the alias of a model, or several' }),
  cheaper: text.optional(),
  input: schema.optional(),
  output: schema.optional(),
  tools: z.record(z.string(), ofKind('tool', 'agent', 'agentTool')).optional(),
  handoffs: z.unknown().optional(),
  rejects: z.boolean().optional(),
  limits: z.unknown().optional(),
  context: z.unknown().optional(),
  temperature: z.number().nonnegative().optional(),
  pin: z.boolean().optional(),
} satisfies FieldsOf<AnyAgent['spec']>);

export const LimitFields = z.strictObject({
  turns: count.optional(),
  toolConcurrency: count.optional(),
  toolErrors: count.optional(),
  repairs: countOrNone.optional(),
  outputTokens: count.optional(),
  handoffs: countOrNone.optional(),
} satisfies FieldsOf<AgentLimits>);

export const ContextFields = z.strictObject({
  tokens: count.optional(),
  dropResults: z.boolean().optional(),
  summarise: z.union([z.boolean(), ofKind('agent')], { error: 'true, false, or an agent' }).optional(),
  keep: count.optional(),
  to: z.number().positive().max(0.9).optional(),
} satisfies FieldsOf<ContextPolicy>);

export const ToolFields = z.strictObject({
  description: text,
  input: schema,
  output: schema.optional(),
  effect: z.enum(['read', 'write']),
  idempotent: z.boolean().optional(),
  onUnknown: z
    .union([z.enum(['model', 'person']), z.looseObject({})], { error: '"model", "person", or { approvers }' })
    .optional(),
  approval: Approval.optional(),
  timeout: duration.optional(),
  attempts: count.optional(),
  resultBytes: ResultBytes.optional(),
  taskQueue: text.optional(),
  placement: z.literal('local').optional(),
  run: func,
  compensate: func.optional(),
  undoAttempts: count.optional(),
} satisfies FieldsOf<Tool['spec']>);

export const AgentToolFields = z.strictObject({
  description: text.optional(),
  child: z.boolean().optional(),
  approval: Approval.optional(),
  timeout: duration.optional(),
  budget: z.strictObject(Amount.shape).optional(),
} satisfies FieldsOf<AgentToolSpec<never>>);

export const HandoffFields = z.strictObject({
  transcript: HandoffTranscript.optional(),
  summariser: ofKind('agent').optional(),
  description: text.optional(),
} satisfies FieldsOf<HandoffSpec>);

export const SubscriptionFields = z.strictObject({
  kind: z.literal('subscription'),
  events: z.array(text.max(200)).min(1),
  orchestration: text,
  mode: z.enum(['start', 'signal']),
  taskQueue: text.optional(),
  read: func,
} satisfies FieldsOf<Subscription>);

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
