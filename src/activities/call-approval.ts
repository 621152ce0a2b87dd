import { msToNumber } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import type { ApprovalRule } from '../agents/approval.js';
import type { ToolApproval } from '../agents/define-tool.js';
import type { CallPolicy } from '../agents/turn.js';
import { ApprovalFields } from './definition-fields.js';

type Rule = true | ToolApproval | ((args: never) => boolean | ToolApproval) | undefined;
type Checked = { args: never; problem?: never } | { problem: string };

/** What the function of a definition says of a call. */
const Consent = z.custom<boolean | ToolApproval>(
  (value) => typeof value === 'boolean' || ApprovalFields.safeParse(value).success,
  'the approval function gave neither true nor false nor { approvers, timeout, onTimeout }',
);

/**
 * Who must agree to a call. Where that cannot be told the call does not run: people are not asked about arguments
 * that the tool refuses, and a rule that fails is no consent. It must not fail the turn either, whose answer is paid for.
 */
export async function approvalOf(
  approval: Rule,
  check: () => Promise<Checked>,
): Promise<{ approval?: CallPolicy['approval']; problem?: string }> {
  if (approval === undefined) return {};
  try {
    const checked = await check();
    if (checked.problem !== undefined) return checked;
    return {
      approval: ruleOf(typeof approval === 'function' ? Consent.parse(approval(checked.args)) : approval),
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : said;
    return { problem: `Not done: whether it needs approval could not be told: ${reason}` };
  }
}

/** A rule as the workflow applies it; undefined where people are not asked. */
export function ruleOf(approval: boolean | ToolApproval): ApprovalRule | undefined {
  if (approval === false) return undefined;
  if (approval === true) return {};
  const { timeout, ...rule } = approval;
  return { ...rule, ...(timeout === undefined ? {} : { timeout: msToNumber(timeout) }) };
}
