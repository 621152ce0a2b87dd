import { msToNumber } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import type { AgentToolSpec } from '../agents/agent-tool.js';
import type { AnyAgent } from '../agents/define-agent.js';
import type { Tool } from '../agents/define-tool.js';
import { BatonError } from '../agents/failures.js';
import type { HandoffSpec } from '../agents/handoff.js';
import { HandoffTranscript } from '../agents/turn.js';
import { Amount } from '../agents/usage.js';

const count = z.number().int().positive();
const Limits = z.strictObject({
  turns: count.optional(),
  toolConcurrency: count.optional(),
  toolErrors: count.optional(),
  repairs: count.or(z.literal(0)).optional(),
  outputTokens: count.optional(),
  handoffs: count.or(z.literal(0)).optional(),
});
const duration = z.union([z.string(), z.number()]).refine(isDuration, 'not a duration, such as "30 seconds"');
const Scheduling = z.object({
  effect: z.enum(['read', 'write']),
  timeout: duration.optional(),
  attempts: count.optional(),
});
const ApprovalTimeout = z.object({ timeout: duration.optional() });
const AgentToolBounds = z.object({ timeout: duration.optional(), budget: Amount.optional() });
const Handing = z.object({ transcript: HandoffTranscript.optional() });

/**
 * What an agent's definition says beyond its types. Found wrong at a turn only, it would cost that turn's model call.
 * @throws BatonError `ConfigInvalid`
 */
export function checkAgent(name: string, { limits }: AnyAgent['spec']): void {
  check(`limits of agent "${name}"`, Limits, limits ?? {});
}

/** The same of a tool's definition. @throws BatonError `ConfigInvalid` */
export function checkTool(name: string, spec: Tool['spec']): void {
  check(`tool "${name}"`, Scheduling, spec);
  if (typeof spec.approval === 'object') check(`approval of tool "${name}"`, ApprovalTimeout, spec.approval);
}

/** The same of an agent that is another one's tool. @throws BatonError `ConfigInvalid` */
export function checkAgentTool(owner: string, name: string, spec: AgentToolSpec<never>): void {
  const what = `agent "${name}" as a tool of "${owner}"`;
  check(what, AgentToolBounds, spec);
  if (typeof spec.approval === 'object') check(`approval of ${what}`, ApprovalTimeout, spec.approval);
}

/** The same of a hand-off. @throws BatonError `ConfigInvalid` */
export function checkHandoff(from: string, to: string, spec: HandoffSpec): void {
  check(`hand-off of agent "${from}" to "${to}"`, Handing, spec);
}

function check(what: string, schema: z.ZodType, value: unknown): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new BatonError('ConfigInvalid', `${what}: ${z.prettifyError(parsed.error)}`);
}

function isDuration(value: string | number): boolean {
  try {
    return msToNumber(value as Parameters<typeof msToNumber>[0]) > 0;
  } catch {
    return false;
  }
}
