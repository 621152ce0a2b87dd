import type { ApprovalRequest } from '../agents/approval.js';

/** What the command that approves needs beside who answers, where it is not enough to approve. */
export function editsFlag({ edits, options }: Pick<ApprovalRequest, 'edits' | 'options'>): string {
  return edits === 'required' && !options?.length ? " --edits '<JSON>'" : '';
}
