import { z } from 'zod';
import type { AgentToolSpec } from '../agents/agent-tool.js';
import type { AnyAgent } from '../agents/define-agent.js';
import type { Subscription } from '../agents/define-subscription.js';
import type { Tool } from '../agents/define-tool.js';
import { BatonError } from '../agents/failures.js';
import type { HandoffSpec } from '../agents/handoff.js';
import {
  AgentFields,
  AgentToolFields,
  ApprovalFields,
  ContextFields,
  HandoffFields,
  LimitFields,
  SubscriptionFields,
  ToolFields,
} from './definition-fields.js';

/**
 * What an agent's definition says beyond its types. Found wrong at a turn only, it would cost that turn's model call.
 * @throws BatonError `ConfigInvalid`
 */
export function checkAgent(name: string, spec: AnyAgent['spec']): void {
  check(`agent "${name}"`, AgentFields, spec);
  check(`limits of agent "${name}"`, LimitFields, spec.limits ?? {});
}

/** The same of its context policy. @throws BatonError `ConfigInvalid` */
export function checkContext(name: string, policy: unknown): void {
  check(`context of agent "${name}"`, ContextFields, policy);
}

/** The same of a tool's definition. @throws BatonError `ConfigInvalid` */
export function checkTool(name: string, spec: Tool['spec']): void {
  check(`tool "${name}"`, ToolFields, spec);
  checkPlacement(name, spec);
  if (typeof spec.approval === 'object') check(`approval of tool "${name}"`, ApprovalFields, spec.approval);
  if (typeof spec.onUnknown === 'object')
    check(`onUnknown of tool "${name}"`, ApprovalFields, spec.onUnknown);
  for (const field of ['compensate', 'onUnknown', 'undoAttempts'] as const) {
    if (spec.effect === 'read' && spec[field])
      throw new BatonError('ConfigInvalid', `tool "${name}" only reads: ${field} is for those that write`);
  }
}

/** The same of a subscription. @throws BatonError `ConfigInvalid` */
export function checkSubscription(name: string, subscription: Subscription): void {
  check(`subscription "${name}"`, SubscriptionFields, subscription);
}

/** What a local activity cannot do safely, or at all. */
function checkPlacement(name: string, { placement, effect, taskQueue }: Tool['spec']): void {
  if (placement === undefined) return;
  const reason =
    effect === 'write'
      ? 'it writes, and a local call may be made again after the death of a worker: leave out placement, or make it a read'
      : 'local calls run in the worker that runs the workflow: leave out placement or taskQueue';
  if (effect === 'write' || taskQueue !== undefined)
    throw new BatonError('ConfigInvalid', `tool "${name}" cannot be placed local: ${reason}`);
}

/** The same of an agent that is another one's tool. @throws BatonError `ConfigInvalid` */
export function checkAgentTool(owner: string, name: string, spec: AgentToolSpec<never>): void {
  const what = `agent "${name}" as a tool of "${owner}"`;
  check(what, AgentToolFields, spec);
  if (typeof spec.approval === 'object') check(`approval of ${what}`, ApprovalFields, spec.approval);
}

/** The same of a hand-off. @throws BatonError `ConfigInvalid` */
export function checkHandoff(from: string, to: string, spec: HandoffSpec): void {
  check(`hand-off of agent "${from}" to "${to}"`, HandoffFields, spec);
}

function check(what: string, schema: z.ZodType, value: unknown): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new BatonError('ConfigInvalid', `${what}: ${z.prettifyError(parsed.error)}`);
}
