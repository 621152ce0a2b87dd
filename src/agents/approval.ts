import { z } from 'zod';

/** Who may answer a question, by when, and what happens if nobody does. */
export const ApprovalRule = z.object({
  /** People or roles that may answer; absent: anybody. */
  approvers: z.array(z.string().min(1)).min(1).optional(),
  /** Milliseconds from the question to its deadline; absent: it waits for ever. */
  timeout: z.number().positive().optional(),
  /** What holds after the deadline. Default: `expired`, which counts as not approved. */
  onTimeout: z.enum(['approve', 'reject', 'expire']).optional(),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/** A question that waits for people, as the inbox shows it. */
export const ApprovalRequest = ApprovalRule.extend({
  /** Number of the approval within its run, from 1. Its full id is `<workflowId>/<n>`. */
  n: z.number().int().positive(),
  title: z.string(),
  details: z.json().optional(),
  /** Answers to choose from, beside approve and reject. */
  options: z.array(z.string()).optional(),
  /** `required`: who approves says what holds, by edits or by one of the options. Absent: they may. */
  edits: z.literal('required').optional(),
  /** When it was asked, and its deadline: milliseconds since the epoch. */
  askedAt: z.number(),
  deadline: z.number().optional(),
  span: z.string(),
});
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** An answer as a person sends it, by Update `baton_decide` or by Signal `approve`. */
export const ApprovalAnswer = z.object({
  /** `<workflowId>/<n>` or `<n>`; may be left out where one approval waits. */
  id: z.union([z.string(), z.number()]).optional(),
  /** Default: true. */
  approved: z.boolean().optional(),
  /** Who answers. Asserted, not proved: access to Temporal is the boundary. */
  by: z.string().optional(),
  /** One of the question's options. */
  choice: z.string().optional(),
  comment: z.string().optional(),
  /** Changes the approver makes to what was asked. */
  edits: z.json().optional(),
});
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

/** How an approval ended. */
export const Decision = z.object({
  status: z.enum(['approved', 'rejected', 'expired']),
  /** Whether to go on: true for `approved` only. */
  approved: z.boolean(),
  n: z.number().int(),
  by: z.string().optional(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  choice: z.string().optional(),
  comment: z.string().optional(),
  edits: z.json().optional(),
});
export type Decision = z.infer<typeof Decision>;
